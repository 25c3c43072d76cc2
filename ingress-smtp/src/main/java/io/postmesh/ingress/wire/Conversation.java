package io.postmesh.ingress.wire;

import io.postmesh.ingress.session.Admission;
import io.postmesh.ingress.session.Answer;
import io.postmesh.ingress.session.Client;
import io.postmesh.ingress.session.Command;
import io.postmesh.ingress.session.CommandParser;
import io.postmesh.ingress.session.Patience;
import io.postmesh.ingress.session.Remark;
import io.postmesh.ingress.session.Replies;
import io.postmesh.ingress.session.Session;
import io.postmesh.ingress.session.State;
import io.postmesh.ingress.session.Step;
import io.postmesh.ingress.wire.Door.Ticket;
import io.vertx.core.Context;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is said on one connection, from the greeting on: commands and content are read, [Session] decides what follows,
/// and here it is done. Runs on the socket's event loop.
final class Conversation {
    private static final Logger log = LoggerFactory.getLogger(Conversation.class);

    private final Connection connection;
    private final Inlet in;
    private final Context context;
    private final Session session;
    private final Client client;
    private final Door door;
    private final DoorMeters meters;
    private final LongSupplier nanoTime;

    private final LineReader lines = new LineReader();
    private State state = Session.START;
    private Patience patience = Patience.FRESH;
    private Held held = Held.NOTHING;
    private boolean stopping;

    private final Watch wait; // for a command, or for an answer of ours
    private final Watch sinceMessage; // the last one accepted, or the beginning
    private int waiting; // counts effects: an answer that comes after its time-out is not of this wait any more

    Conversation(
            Connection connection,
            Inlet in,
            Context context,
            Session session,
            Door door,
            DoorMeters meters,
            LongSupplier nanoTime) {
        this.connection = connection;
        this.in = in;
        this.context = context;
        this.session = session;
        this.client = session.client();
        this.door = door;
        this.meters = meters;
        this.nanoTime = nanoTime;
        this.wait = new Watch(nanoTime);
        this.sinceMessage = new Watch(nanoTime);
    }

    // ---- beginning and end ----

    void begin() {
        say(session.greeting(), moment());
        listen();
    }

    /// No more messages. One in progress may end; everyone else is sent away now.
    void stop() {
        stopping = true;
        if (!(state instanceof State.Receiving)) connection.hangUp(Replies.STOPPING);
    }

    /// Whatever is under way comes to nothing.
    void drop() {
        waiting++;
        letGo();
    }

    private void letGo() {
        held.letGo();
        held = Held.NOTHING;
    }

    // ---- input ----

    /// Reads one command, or a run of content; false when the rest has to wait.
    boolean read() {
        return switch (state) {
            case State.Listening listening -> {
                readCommand(listening);
                yield true;
            }
            case State.Asking _ -> false;
            case State.Receiving receiving -> held instanceof Incoming message && readContent(receiving, message);
        };
    }

    private void readCommand(State.Listening listening) {
        var found = lines.read(in.segment(), in.at(), in.end());
        in.readTo(lines.position());
        switch (found) {
            case NOTHING -> {}
            case BARE -> connection.dismiss(Replies.BARE_IN_COMMAND);
            case TOO_LONG -> connection.dismiss(Replies.LINE_TOO_LONG);
            case LINE -> obey(listening, CommandParser.parse(lines.line(), lines.offset(), lines.length()));
        }
    }

    private void obey(State.Listening listening, Command command) {
        // RFC 2920 §3.1. After DATA this matters most: content sent before 354 would run as commands after a refusal.
        if (!in.isEmpty() && command.mustAwaitReply()) connection.dismiss(Replies.NOT_IN_TURN);
        else perform(session.next(listening, command), Optional.of(command));
    }

    private boolean readContent(State.Receiving receiving, Incoming message) {
        if (message.isFull()) {
            message.onRoom(connection::pump);
            return false;
        }
        return switch (message.read(in)) {
            case MORE -> true;
            case BARE -> {
                connection.dismiss(Replies.BARE_IN_DATA);
                yield false;
            }
            case END -> {
                endMessage(receiving, message);
                yield state != receiving;
            }
        };
    }

    /// To what was read already.
    boolean owesAnAnswer() {
        return switch (state) {
            case State.Listening _ -> false;
            case State.Asking _ -> true;
            case State.Receiving _ -> held instanceof Held.Settling;
        };
    }

    // ---- steps and their effects ----

    private void perform(Step step) {
        perform(step, Optional.empty());
    }

    private void perform(Step step, Optional<Command> command) {
        var moment = new Moment(state, command);
        state = step.next();
        if (!state.isInTransaction()) letGo();
        step.answer().ifPresent(answer -> say(answer, moment));
        switch (step.effect()) {
            case LISTEN -> listen();
            case ASK_ADMISSION -> ask((State.Asking) step.next());
            case TAKE_DATA -> startMessage((State.Receiving) step.next());
            case CLOSE -> connection.close();
            case DRAIN_AND_CLOSE -> connection.drainAndClose();
        }
    }

    private void say(Answer answer, Moment moment) {
        patience = patience.after(answer.remark());
        connection.say(answer, moment);
    }

    Moment moment() {
        return new Moment(state, Optional.empty());
    }

    private void listen() {
        wait.restart();
        var last = patience.lastWord();
        if (last.isPresent()) connection.dismiss(last.get());
        else if (stopping) connection.hangUp(Replies.STOPPING);
    }

    private void ask(State.Asking asking) {
        await(door.admit(client, asking.mail()), (ticket, _) -> {
            if (ticket == null) {
                refuse(asking);
            } else {
                held = new Held.Room(ticket);
                perform(session.admitted(asking, ticket.admission()));
            }
        });
    }

    private void refuse(State.Asking asking) {
        perform(session.admitted(asking, new Admission.Refused(Replies.STORE_AWAY)));
    }

    private void startMessage(State.Receiving receiving) {
        if (!(held instanceof Held.Room(var ticket))) throw new IllegalStateException("DATA without admission");
        held = new Incoming(ticket.receive(client, receiving.transaction()), nanoTime);
    }

    private void endMessage(State.Receiving receiving, Incoming message) {
        held = message.settling();
        await(message.end(), (answer, failure) -> {
            if (failure != null) {
                meters.fault();
                log.error("{} a message was not stored for an error of ours", client.ip(), failure);
            }
            held = Held.NOTHING;
            deliver(receiving, answer == null ? Replies.STORE_AWAY : answer);
        });
    }

    private void deliver(State.Receiving receiving, Answer answer) {
        if (answer.remark() == Remark.FINE) {
            patience = Patience.FRESH;
            sinceMessage.restart();
        }
        perform(session.received(receiving, answer));
    }

    /// Waits for a stage without holding the loop. What is complete already goes on at once, without a hop.
    private <T> void await(CompletionStage<T> stage, BiConsumer<@Nullable T, @Nullable Throwable> then) {
        wait.restart();
        int ours = ++waiting;
        var future = stage.toCompletableFuture();
        if (future.isDone() && !future.isCompletedExceptionally()) {
            then.accept(future.join(), null);
            return;
        }
        future.whenComplete((value, failure) -> context.runOnContext(_ -> {
            if (ours == waiting) connection.goOn(() -> then.accept(value, failure));
            else if (value instanceof Ticket late) late.release();
        }));
    }

    // ---- time ----

    void checkTime(Deadlines limits) {
        switch (state) {
            case State.Listening _ -> {
                if (wait.isPast(limits.command()) || sinceMessage.isPast(limits.connection()))
                    connection.hangUp(Replies.TOO_SLOW);
            }
            case State.Asking asking -> {
                if (wait.isPast(limits.reply())) waitNoLonger(() -> refuse(asking));
            }
            case State.Receiving receiving -> {
                if (held instanceof Incoming message) {
                    if (message.isTooSlow(limits)) connection.hangUp(Replies.TOO_SLOW);
                } else if (wait.isPast(limits.reply())) {
                    // Kafka may still take what it was given: better a second copy than a lie (ARCHITECTURE §4).
                    waitNoLonger(() -> deliver(receiving, Replies.STORE_AWAY));
                }
            }
        }
    }

    private void waitNoLonger(Runnable then) {
        drop();
        connection.goOn(then);
    }
}
