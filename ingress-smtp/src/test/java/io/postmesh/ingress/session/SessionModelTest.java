package io.postmesh.ingress.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.ingress.session.Command.*;
import io.postmesh.mail.Domain;
import io.postmesh.mail.MailAddress;
import io.postmesh.mail.ReversePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Random conversations, held against the smallest server that could be right: three variables and no types.
final class SessionModelTest {
    private static final int CONVERSATIONS = 3_000;
    private static final int COMMANDS = 40;
    private static final ReversePath OWN = ReversePath.of(address("ann@own.test"));
    private static final ReversePath FOREIGN = ReversePath.of(address("eve@other.test"));

    private static final List<Command> COMMAND_LIST = List.of(
            new Ehlo("c.test"),
            new Helo("c.test"),
            new MailFrom(OWN, 100, false),
            new MailFrom(OWN, 9_999, false),
            new MailFrom(FOREIGN, -1, false),
            new MailFrom(ReversePath.NULL, -1, false),
            new RcptTo(address("a@x.test")),
            new RcptTo(address("b@x.test")),
            new RcptTo(address("c@x.test")),
            new RcptTo(address("d@x.test")),
            new RcptTo(address("root@localhost")),
            new RcptTo(address("\u00e9@x.test")),
            new Data(),
            new Data(),
            new Rset(),
            new Noop(),
            new Vrfy(),
            new Help(),
            new NotOffered(),
            new Unknown());

    private static final class Model {
        boolean greeted;
        boolean inMail;
        boolean foreign;
        final List<MailAddress> to = new ArrayList<>();

        int expect(Command command, boolean admit) {
            return switch (command) {
                case Ehlo _, Helo _ -> {
                    greeted = true;
                    inMail = false;
                    yield 250;
                }
                case MailFrom(var sender, var size, var _) -> {
                    if (!greeted || inMail) yield 503;
                    if (size > 5_000) yield 552;
                    if (!admit) yield 452;
                    inMail = true;
                    foreign = !sender.equals(OWN);
                    to.clear();
                    yield 250;
                }
                case RcptTo(var address) -> {
                    if (!inMail) yield 503;
                    if (foreign) yield 554;
                    if (address.text().startsWith("\u00e9")) yield 553;
                    if (address.text().endsWith("localhost")) yield 504;
                    if (to.size() == 3) yield 452;
                    if (!to.contains(address)) to.add(address);
                    yield 250;
                }
                case Data _ -> {
                    if (!inMail) yield 503;
                    yield to.isEmpty() ? 554 : 354;
                }
                case Rset _ -> {
                    inMail = false;
                    yield 250;
                }
                case Noop _ -> 250;
                case Vrfy _ -> 252;
                case Help _ -> 214;
                case NotOffered _ -> 502;
                case Unknown _ -> 500;
                case Quit _, Malformed _, Hopeless _ -> throw new AssertionError("not in the list");
            };
        }
    }

    @Test
    void everyConversationGoesAsTheModelSays() {
        var random = new Random(5321);
        var session = new Session(
                "us.test",
                new Limits(5_000, 3),
                new SenderRule.Only(Set.of(new Domain("own.test"))),
                new Client("127.0.0.1", "127.0.0.0/24", true));
        for (int i = 0; i < CONVERSATIONS; i++) converse(session, random);
    }

    private static void converse(Session session, Random random) {
        var model = new Model();
        State.Listening state = Session.START;
        boolean dataRefused = false;
        for (int i = 0; i < COMMANDS; i++) {
            var command = COMMAND_LIST.get(random.nextInt(COMMAND_LIST.size()));
            boolean admit = random.nextInt(4) > 0;
            var step = session.next(state, command);
            if (dataRefused && command instanceof Unknown) {
                assertThat(step.effect()).isEqualTo(Effect.DRAIN_AND_CLOSE);
                return;
            }
            if (step.next() instanceof State.Asking asking) step = session.admitted(asking, admission(admit));
            int expected = model.expect(command, admit);
            assertThat(code(step)).as("%s in %s", command, state).isEqualTo(expected);
            if (step.next() instanceof State.Receiving receiving) {
                assertThat(receiving.transaction().recipients()).isEqualTo(model.to);
                assertThat(step.effect()).isEqualTo(Effect.TAKE_DATA);
                // Whatever the dot brings, the next message starts anew.
                var fate = random.nextBoolean() ? Replies.LOOP : Replies.STORE_AWAY;
                step = session.received(receiving, fate);
                model.inMail = false;
            }
            dataRefused = command instanceof Data && code(step) >= 500 && step.next() instanceof State.DataRefused;
            state = (State.Listening) step.next();
        }
    }

    private static Admission admission(boolean admit) {
        return admit ? new Admission.Granted() : new Admission.Refused(Replies.NO_MEMORY);
    }

    private static int code(Step step) {
        return step.answer().orElseThrow().reply().code();
    }

    private static MailAddress address(String text) {
        return MailAddress.parse(text).orElseThrow();
    }
}
