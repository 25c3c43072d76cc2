package io.postmesh.ingress.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.ingress.session.Command.*;
import io.postmesh.mail.Domain;
import io.postmesh.mail.MailAddress;
import io.postmesh.mail.ReversePath;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SessionTest {
    private static final Limits LIMITS = new Limits(1_000_000, 1_000);
    private static final SenderRule OWN = new SenderRule.Only(Set.of(new Domain("own.test")));
    private static final Client FRIEND = new Client("127.0.0.1", "127.0.0.0/24", true);
    private static final Client STRANGER = new Client("192.0.2.9", "192.0.2.0/24", false);

    @Test
    void aSubdomainOfAnAllowedDomainMaySendAndItsLookalikeMayNot() {
        assertThat(OWN.allows(path("a@own.test"))).isTrue();
        assertThat(OWN.allows(path("a@sub.own.test"))).isTrue();
        assertThat(OWN.allows(path("a@notown.test"))).isFalse();
        assertThat(OWN.allows(path("a@own.test.evil.test"))).isFalse();
        assertThat(OWN.allows(ReversePath.NULL)).isFalse();
        assertThat(new SenderRule.Anyone().allows(ReversePath.NULL)).isTrue();
    }

    @Test
    void aStrangerIsToldAtRcptAndItsNameIsInTheReply() {
        var reply = rcpt(STRANGER, path("a@own.test"));
        assertThat(reply).isEqualTo("554 5.7.1 <[192.0.2.9]>: Client host rejected: Access denied");
    }

    @Test
    void aForeignSenderIsToldAtRcpt() {
        assertThat(rcpt(FRIEND, path("a@other.test")))
                .isEqualTo("554 5.7.1 <a@other.test>: Sender address rejected: Access denied");
        assertThat(rcpt(FRIEND, ReversePath.NULL)).startsWith("554 5.7.1 <>: Sender");
    }

    @Test
    void anInternationalAddressNeedsTheParameter() {
        var session = new Session("us.test", LIMITS, new SenderRule.Anyone(), FRIEND);
        var ready = new State.Ready(new Hello("c", true));
        var without = session.next(ready, new MailFrom(path("\u00e9@x.test"), -1, false));
        assertThat(without.answer().orElseThrow().reply().text()).startsWith("553 5.6.7");
        var with = session.next(ready, new MailFrom(path("\u00e9@x.test"), -1, true));
        assertThat(with.effect()).isEqualTo(Effect.ASK_ADMISSION);
    }

    @Test
    void twentyErrorsOrAHundredIdleCommandsAreEnough() {
        var patience = Patience.FRESH;
        for (int i = 0; i < 19; i++) patience = patience.after(Remark.SYNTAX);
        assertThat(patience.lastWord()).isEmpty();
        assertThat(patience.after(Remark.ORDER).lastWord()).contains(Replies.TOO_MANY_ERRORS);
        for (int i = 0; i < 99; i++) patience = patience.after(Remark.IDLE);
        assertThat(patience.lastWord()).isEmpty();
        assertThat(patience.after(Remark.IDLE).lastWord()).contains(Replies.TOO_MUCH_JUNK);
        assertThat(patience.after(Remark.RECIPIENT_COUNT)).isEqualTo(patience);
    }

    @Test
    void addressesThatWouldNotFitIntoOneRecordAreTooManyBeforeTheirCountIs() {
        var session = new Session("us.test", new Limits(0, 10_000), OWN, FRIEND);
        var domain = ("d".repeat(60) + ".").repeat(3) + "test";
        var state = addressing(session, path("a@own.test"));
        int taken = 0;
        for (String reply = "250"; reply.startsWith("250"); taken++) {
            var to = MailAddress.parse("%060d@%s".formatted(taken, domain)).orElseThrow();
            var step = session.next(state, new RcptTo(to));
            state = (State.Listening) step.next();
            reply = step.answer().orElseThrow().reply().text();
            if (!reply.startsWith("250")) assertThat(reply).isEqualTo("452 4.5.3 Too many recipients");
        }
        assertThat(taken).isBetween(2_000, 2_500);
    }

    private static State.Listening addressing(Session session, ReversePath sender) {
        var asking = new State.Asking(new Hello("c", true), new MailFrom(sender, -1, false));
        return (State.Listening)
                session.admitted(asking, new Admission.Granted()).next();
    }

    private static String rcpt(Client client, ReversePath sender) {
        var session = new Session("us.test", LIMITS, OWN, client);
        var open = addressing(session, sender);
        var to = MailAddress.parse("b@elsewhere.test").orElseThrow();
        return session.next(open, new RcptTo(to)).answer().orElseThrow().reply().text();
    }

    private static ReversePath path(String text) {
        return ReversePath.of(MailAddress.parse(text).orElseThrow());
    }
}
