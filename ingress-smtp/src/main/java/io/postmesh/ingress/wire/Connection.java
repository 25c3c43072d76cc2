package io.postmesh.ingress.wire;

import io.postmesh.ingress.session.Admission;
import io.postmesh.ingress.session.Answer;
import io.postmesh.ingress.session.Client;
import io.postmesh.ingress.session.Command;
import io.postmesh.ingress.session.CommandParser;
import io.postmesh.ingress.session.Effect;
import io.postmesh.ingress.session.Patience;
import io.postmesh.ingress.session.Remark;
import io.postmesh.ingress.session.Replies;
import io.postmesh.ingress.session.Session;
import io.postmesh.ingress.session.State;
import io.postmesh.ingress.session.Step;
import io.postmesh.ingress.wire.Door.Receipt;
import io.postmesh.ingress.wire.Door.Ticket;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One client's socket; the only class that touches it. Everything here runs on the socket's event loop.
///
/// Input is one segment at a time: while an effect is under way the rest of the segment waits here and the socket is
/// paused, so a client can make us hold one segment, not more.
final class Connection {
    private static final Logger log = LoggerFactory.getLogger(Connection.class);
    private static final byte[] NO_BYTES = {};

    /// Replies collected before they are written although more commands are at hand.
    private static final int FLUSH_AT = 16 * 1024;

    /// A refused client may go on talking for so long, if it never pauses.
    private static final Duration LONGEST_DRAIN = Duration.ofMinutes(5);

    /// What the socket is for at the moment; the conversation's own states are in [State].
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
    private final Session session;
    private final Client client;
    private final Door door;
    private final Deadlines deadlines;
    private final DoorMeters meters;
    private final LongSupplier nanoTime;

    private final LineReader lines = new LineReader();
    private final StringBuilder out = new StringBuilder();
    private Phase phase = Phase.GREETING;
    private State state = Session.START;
    private Patience patience = Patience.FRESH;
    private @Nullable Ticket ticket;
    private @Nullable Incoming incoming;
    private @Nullable Receipt settling; // its dot is read, its fate is not known yet
    private boolean stopping;

    private byte[] segment = NO_BYTES;
    private int at;
    private int end;
    private boolean pumping;
    private boolean paused;

    private long since; // when the present wait began
    private long fruitful; // when it began, or last brought a message
    private long drainingSince;
    private long unreadSince; // when the write queue was found full
    private boolean unread;
    private int waiting; // counts effects: an answer that comes after its time-out is not of this wait any more

    Connection(
            NetSocket socket,
            Context context,
            Session session,
            Door door,
            Deadlines deadlines,
            DoorMeters meters,
            LongSupplier nanoTime) {
        this.socket = socket;
        this.context = context;
        this.session = session;
        this.client = session.client();
        this.door = door;
        this.deadlines = deadlines;
        this.meters = meters;
        this.nanoTime = nanoTime;
        this.since = this.fruitful = nanoTime.getAsLong();
    }

    // ---- beginning and end ----

    void open() {
        socket.setWriteQueueMaxSize(64 * 1024);
        socket.handler(this::received);
        socket.exceptionHandler(e -> log.debug("{} connection lost: {}", client.ip(), e.getMessage()));
        meters.connected();
        if (client.trusted() || deadlines.greetDelay().isZero()) greet();
        else context.owner().setTimer(deadlines.greetDelay().toMillis(), _ -> greet());
    }

    private void greet() {
        if (phase != Phase.GREETING) return;
        phase = Phase.TALKING;
        say(session.greeting());
        flush();
        listen();
    }

    /// Says one thing and hangs up; for connections that are one too many.
    void turnAway(Answer answer) {
        socket.exceptionHandler(_ -> {});
        phase = Phase.TALKING;
        say(answer);
        close();
    }

    /// The socket is gone.
    void closed() {
        phase = Phase.CLOSED;
        dropMessage();
    }

    /// No more messages. One in progress may end; everyone else is sent away now.
    void stop() {
        stopping = true;
        if (phase == Phase.GREETING) phase = Phase.TALKING;
        if (phase == Phase.TALKING && !(state instanceof State.Receiving)) cutOff(Replies.STOPPING);
    }

    /// The time for messages in progress is over.
    void stopNow() {
        if (phase != Phase.CLOSED) cutOff(Replies.STOPPING);
    }

    private void close() {
        phase = Phase.CLOSED;
        dropMessage();
        flush();
        since = nanoTime.getAsLong();
        socket.end();
    }

    // `end` waits for what was written before it: for ever, when the client never reads it.
    private void cut() {
        phase = Phase.CLOSED;
        dropMessage();
        ((NetSocketInternal) socket).channelHandlerContext().close();
    }

    private void drainAndClose() {
        phase = Phase.DRAINING;
        dropMessage();
        flush();
        segment = NO_BYTES;
        at = end = 0;
        drainingSince = since = nanoTime.getAsLong();
        resumeSocket();
    }

    private void cutOff(Answer answer) {
        if (phase == Phase.TALKING) say(answer);
        close();
    }

    private void dropMessage() {
        waiting++;
        if (incoming != null) incoming.receipt.abort();
        incoming = null;
        if (settling != null) settling.abort();
        settling = null;
        if (ticket != null) ticket.release();
        ticket = null;
    }

    // ---- input ----

    private void received(Buffer buffer) {
        switch (phase) {
            case GREETING -> {
                phase = Phase.TALKING;
                finish(Replies.NOT_IN_TURN, Effect.DRAIN_AND_CLOSE);
            }
            case DRAINING -> since = nanoTime.getAsLong();
            case CLOSED -> {}
            case TALKING -> {
                take(buffer);
                pump();
            }
        }
    }

    // Vert.x hands over heap buffers: their array is read in place.
    private void take(Buffer buffer) {
        var bytes = ((BufferInternal) buffer).getByteBuf();
        boolean inPlace = bytes.hasArray();
        byte[] array = inPlace ? bytes.array() : buffer.getBytes();
        int from = inPlace ? bytes.arrayOffset() + bytes.readerIndex() : 0;
        int count = bytes.readableBytes();
        if (at == end) {
            segment = array;
            at = from;
            end = from + count;
            return;
        }
        var joined = new byte[end - at + count];
        System.arraycopy(segment, at, joined, 0, end - at);
        System.arraycopy(array, from, joined, end - at, count);
        segment = joined;
        at = 0;
        end = joined.length;
    }

    private void pump() {
        if (pumping) return;
        pumping = true;
        guarded(() -> {
            while (at < end && phase == Phase.TALKING && !unread && step()) {}
            if (phase == Phase.TALKING) flush();
        });
        pumping = false;
        if (phase != Phase.TALKING) return;
        if (at < end) pauseSocket();
        else resumeSocket();
    }

    // An error of ours ends one session, never the event loop's other ones.
    private void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            meters.fault();
            log.error("{} session ended by an error of ours", client.ip(), e);
            cutOff(Replies.FAULT);
        }
    }

    // One command, or a run of content; false when the rest has to wait.
    private boolean step() {
        return switch (state) {
            case State.Listening listening -> {
                readCommand(listening);
                yield true;
            }
            case State.Receiving receiving -> incoming != null && readContent(receiving, incoming);
            case State.Asking _ -> false;
        };
    }

    private void readCommand(State.Listening listening) {
        var found = lines.read(segment, at, end);
        at = lines.position();
        switch (found) {
            case NOTHING -> {}
            case BARE -> finish(Replies.BARE_IN_COMMAND, Effect.DRAIN_AND_CLOSE);
            case TOO_LONG -> finish(Replies.LINE_TOO_LONG, Effect.DRAIN_AND_CLOSE);
            case LINE -> obey(listening, CommandParser.parse(lines.line(), lines.offset(), lines.length()));
        }
    }

    private void obey(State.Listening listening, Command command) {
        // RFC 2920 §3.1. After DATA this matters most: content sent before 354 would run as commands after a refusal.
        if (at < end && command.mustAwaitReply()) finish(Replies.NOT_IN_TURN, Effect.DRAIN_AND_CLOSE);
        else perform(session.next(listening, command));
    }

    private boolean readContent(State.Receiving receiving, Incoming message) {
        if (message.receipt.isFull()) {
            message.receipt.onRoom(this::pump);
            return false;
        }
        var outcome = message.dots.read(segment, at, end);
        message.octets += message.dots.position() - at;
        at = message.dots.position();
        return switch (outcome) {
            case MORE -> true;
            case BARE -> {
                finish(Replies.BARE_IN_DATA, Effect.DRAIN_AND_CLOSE);
                yield false;
            }
            case END -> {
                endMessage(receiving, message);
                yield state != receiving;
            }
        };
    }

    // ---- steps and their effects ----

    private void perform(Step step) {
        if (!step.next().isInTransaction() && ticket != null) {
            ticket.release();
            ticket = null;
        }
        state = step.next();
        step.answer().ifPresent(this::say);
        switch (step.effect()) {
            case LISTEN -> listen();
            case ASK_ADMISSION -> ask((State.Asking) step.next());
            case TAKE_DATA -> startMessage((State.Receiving) step.next());
            case CLOSE -> close();
            case DRAIN_AND_CLOSE -> drainAndClose();
        }
    }

    private void listen() {
        since = nanoTime.getAsLong();
        if (patience.isSpent()) finish(Replies.ENOUGH, Effect.DRAIN_AND_CLOSE);
        else if (stopping) finish(Replies.STOPPING, Effect.CLOSE);
    }

    private void finish(Answer answer, Effect effect) {
        say(answer);
        if (effect == Effect.CLOSE) close();
        else drainAndClose();
    }

    private void ask(State.Asking asking) {
        await(door.admit(client, asking.mail()), (given, _) -> {
            if (given == null) {
                perform(session.admitted(asking, new Admission.Refused(Replies.STORE_AWAY)));
            } else {
                ticket = given;
                perform(session.admitted(asking, given.admission()));
            }
        });
    }

    private void startMessage(State.Receiving receiving) {
        var given = ticket;
        if (given == null) throw new IllegalStateException("DATA without admission");
        ticket = null;
        since = nanoTime.getAsLong();
        incoming = new Incoming(given.receive(client, receiving.transaction()), since);
    }

    private void endMessage(State.Receiving receiving, Incoming message) {
        incoming = null;
        settling = message.receipt;
        var result = message.receipt.end(message.dots.hasNul(), message.dots.longestLine());
        await(result, (answer, failure) -> {
            if (failure != null) {
                meters.fault();
                log.error("{} a message was not stored for an error of ours", client.ip(), failure);
            }
            deliver(receiving, answer == null ? Replies.STORE_AWAY : answer);
        });
    }

    private void deliver(State.Receiving receiving, Answer answer) {
        settling = null;
        if (answer.remark() == Remark.FINE) {
            patience = Patience.FRESH;
            fruitful = nanoTime.getAsLong();
        }
        perform(session.received(receiving, answer));
    }

    /// Waits for a stage without holding the loop. What is complete already goes on at once, without a hop.
    private <T> void await(CompletionStage<T> stage, BiConsumer<@Nullable T, @Nullable Throwable> then) {
        since = nanoTime.getAsLong();
        int ours = ++waiting;
        var future = stage.toCompletableFuture();
        if (future.isDone() && !future.isCompletedExceptionally()) {
            then.accept(future.join(), null);
            return;
        }
        future.whenComplete((value, failure) -> context.runOnContext(_ -> {
            if (ours != waiting || phase != Phase.TALKING) {
                if (value instanceof Ticket late) late.release();
                return;
            }
            guarded(() -> then.accept(value, failure));
            pump();
        }));
    }

    // ---- output ----

    private void say(Answer answer) {
        if (!answer.reply().isPositive()) meters.refused(answer.remark());
        patience = patience.after(answer.remark());
        out.append(answer.reply().wire());
        if (out.length() >= FLUSH_AT) flush();
    }

    private void flush() {
        if (out.isEmpty()) return;
        socket.write(Buffer.buffer(out.toString()));
        out.setLength(0);
        if (!socket.writeQueueFull() || unread) return;
        // A client that does not read: no more commands of it until it does (the write queue of Vert.x has no end).
        unread = true;
        unreadSince = nanoTime.getAsLong();
        socket.drainHandler(_ -> {
            unread = false;
            if (phase == Phase.TALKING) pump();
        });
    }

    private void pauseSocket() {
        if (!paused) socket.pause();
        paused = true;
    }

    private void resumeSocket() {
        if (!paused) return;
        paused = false;
        socket.resume();
    }

    // ---- time ----

    /// Called twice a second.
    void checkTime(long now, Deadlines limits) {
        switch (phase) {
            case GREETING -> {}
            case CLOSED -> {
                if (isOver(now, since, limits.unread())) cut();
            }
            case DRAINING -> {
                if (isOver(now, since, limits.drain()) || isOver(now, drainingSince, LONGEST_DRAIN)) close();
            }
            case TALKING -> {
                if (unread && isOver(now, unreadSince, limits.unread())) cut();
                else guarded(() -> checkTalk(now, limits));
            }
        }
    }

    private void checkTalk(long now, Deadlines limits) {
        switch (state) {
            case State.Listening _ -> {
                if (isOver(now, since, limits.command()) || isOver(now, fruitful, limits.connection())) {
                    finish(Replies.TOO_SLOW, Effect.CLOSE);
                }
            }
            case State.Asking asking -> {
                if (!isOver(now, since, limits.reply())) return;
                waiting++;
                perform(session.admitted(asking, new Admission.Refused(Replies.STORE_AWAY)));
                pump();
            }
            case State.Receiving receiving -> {
                if (incoming != null) checkContent(now, limits, incoming);
                else if (isOver(now, since, limits.reply())) {
                    // Kafka may still take what it was given: better a second copy than a lie (ARCHITECTURE §4).
                    waiting++;
                    if (settling != null) settling.abort();
                    deliver(receiving, Replies.STORE_AWAY);
                    pump();
                }
            }
        }
    }

    private void checkContent(long now, Deadlines limits, Incoming message) {
        boolean tooLong = isOver(now, message.started, limits.message());
        boolean windowOver = isOver(now, since, limits.window());
        if (windowOver && !message.receipt.isFull()) {
            long least = limits.window().toMillis() * limits.minRate() / 1000;
            tooLong |= message.octets - message.octetsAtWindow < least;
        }
        if (windowOver) {
            since = now;
            message.octetsAtWindow = message.octets;
        }
        if (tooLong) finish(Replies.TOO_SLOW, Effect.CLOSE);
    }

    private static boolean isOver(long now, long since, Duration limit) {
        return now - since > limit.toNanos();
    }

    /// A message between 354 and its final dot.
    private static final class Incoming {
        final Receipt receipt;
        final DotReader dots;
        final long started;
        long octets;
        long octetsAtWindow;

        Incoming(Receipt receipt, long started) {
            this.receipt = receipt;
            this.dots = new DotReader(receipt);
            this.started = started;
        }
    }
}
