package io.postmesh.ingress.wire;

import io.postmesh.ingress.session.Answer;
import io.postmesh.ingress.session.Client;
import io.postmesh.ingress.session.Refusal;
import io.postmesh.ingress.session.Replies;
import io.postmesh.ingress.session.Session;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One client's socket, from its first moment to its last: who may talk when, and how it ends. What is said in between
/// is its [Conversation]. Everything here runs on the socket's event loop.
final class Connection {
    private static final Logger log = LoggerFactory.getLogger(Connection.class);

    /// A refused client may go on talking for so long, if it never pauses.
    private static final Duration LONGEST_DRAIN = Duration.ofMinutes(5);

    /// What the socket is for at the moment; the conversation's own states are in
    /// [State][io.postmesh.ingress.session.State].
    private enum Phase {
        GREETING,
        TALKING,
        /// Our last word is written; input is thrown away until the client closes or falls silent.
        DRAINING,
        /// Nothing more is said or read; the socket goes when the client has taken our last words, or its time is over.
        CLOSED
    }

    private final NetSocket socket;
    private final Context context;
    private final Client client;
    private final Deadlines deadlines;
    private final DoorMeters meters;
    private final Consumer<Refusal> refusals;

    private final Inlet in;
    private final Outlet out;
    private final Conversation conversation;
    private final Watch silence; // of a client that drains, or is to take our last words
    private final Watch draining;
    private Phase phase = Phase.GREETING;
    private boolean pumping;

    Connection(
            NetSocket socket,
            Context context,
            Session session,
            Door door,
            Deadlines deadlines,
            DoorMeters meters,
            Consumer<Refusal> refusals,
            LongSupplier nanoTime) {
        this.socket = socket;
        this.context = context;
        this.client = session.client();
        this.deadlines = deadlines;
        this.meters = meters;
        this.refusals = refusals;
        this.in = new Inlet(socket);
        this.out = new Outlet(socket, nanoTime, this::pump);
        this.silence = new Watch(nanoTime);
        this.draining = new Watch(nanoTime);
        this.conversation = new Conversation(this, in, context, session, door, meters, nanoTime);
    }

    // ---- beginning ----

    void open() {
        HalfClose.allow(socket);
        socket.handler(this::received);
        socket.exceptionHandler(e -> log.debug("{} connection lost: {}", client.ip(), e.getMessage()));
        meters.connected();
        if (client.trusted() || deadlines.greetDelay().isZero()) greet();
        else context.owner().setTimer(deadlines.greetDelay().toMillis(), _ -> greet());
    }

    private void greet() {
        if (phase != Phase.GREETING) return;
        phase = Phase.TALKING;
        conversation.begin();
        out.flush();
    }

    /// Says one thing and hangs up; for connections that are one too many.
    void turnAway(Answer answer) {
        socket.exceptionHandler(_ -> {});
        phase = Phase.TALKING;
        meters.turnedAway();
        meters.rejected(DoorMeters.Stage.CONNECT, answer);
        out.say(answer.reply());
        close();
    }

    // ---- talking ----

    private void received(Buffer buffer) {
        switch (phase) {
            case GREETING -> {
                phase = Phase.TALKING;
                if (Inlet.isEnd(buffer)) close();
                else dismiss(Replies.NOT_IN_TURN);
            }
            case TALKING -> {
                in.take(buffer);
                pump();
            }
            case DRAINING -> {
                if (Inlet.isEnd(buffer)) close();
                else silence.restart();
            }
            case CLOSED -> {}
        }
    }

    /// Lets the conversation read what is here, as far as it can now.
    void pump() {
        if (pumping || phase != Phase.TALKING) return;
        pumping = true;
        guarded(() -> {
            while (!in.isEmpty() && phase == Phase.TALKING && !out.isFull() && conversation.read()) {}
            if (phase == Phase.TALKING) out.flush();
            // Who closed its sending side gets what it is still owed (RFC 9293 §3.6), and no more.
            if (phase == Phase.TALKING && in.isOver() && !conversation.owesAnAnswer()) close();
        });
        pumping = false;
        if (phase == Phase.TALKING) in.balance();
    }

    /// The conversation waited for something, and this is what follows.
    void goOn(Runnable work) {
        guarded(work);
        pump();
    }

    // An error of ours ends one session, never the event loop's other ones.
    private void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            meters.fault();
            log.error("{} session ended by an error of ours", client.ip(), e);
            hangUp(Replies.FAULT);
        }
    }

    void say(Answer answer) {
        say(answer, conversation.moment());
    }

    void say(Answer answer, Moment moment) {
        if (!answer.reply().isPositive()) meters.rejected(moment.stage(), answer);
        Refusal.of(client, moment.state(), moment.command(), answer).ifPresent(refusals);
        out.say(answer.reply());
    }

    // ---- end ----

    /// Says this, if anything may still be said, and closes.
    void hangUp(Answer answer) {
        if (phase == Phase.TALKING) say(answer);
        close();
    }

    /// Says this, throws away what still comes in, then closes: a reset would overtake the reply.
    void dismiss(Answer answer) {
        say(answer);
        drainAndClose();
    }

    void close() {
        phase = Phase.CLOSED;
        conversation.drop();
        silence.restart();
        out.end();
    }

    void drainAndClose() {
        phase = Phase.DRAINING;
        conversation.drop();
        out.flush();
        draining.restart();
        silence.restart();
        in.discard();
        if (in.isOver()) close(); // nothing more can come in
    }

    private void cut() {
        phase = Phase.CLOSED;
        conversation.drop();
        out.cut();
    }

    /// The socket is gone.
    void closed() {
        phase = Phase.CLOSED;
        conversation.drop();
    }

    /// No more messages. One in progress may end; everyone else is sent away now.
    void stop() {
        if (phase == Phase.GREETING) phase = Phase.TALKING;
        if (phase == Phase.TALKING) conversation.stop();
    }

    /// The time for messages in progress is over.
    void stopNow() {
        if (phase != Phase.CLOSED) hangUp(Replies.STOPPING);
    }

    // ---- time ----

    /// Called twice a second.
    void checkTime(Deadlines limits) {
        switch (phase) {
            case GREETING -> {}
            case TALKING -> {
                if (out.isFullFor(limits.unread())) cut();
                else guarded(() -> conversation.checkTime(limits));
            }
            case DRAINING -> {
                if (silence.isPast(limits.drain()) || draining.isPast(LONGEST_DRAIN)) close();
            }
            case CLOSED -> {
                if (silence.isPast(limits.unread())) cut();
            }
        }
    }
}
