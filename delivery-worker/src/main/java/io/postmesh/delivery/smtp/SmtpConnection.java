package io.postmesh.delivery.smtp;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postmesh.contract.Slice;
import io.postmesh.delivery.outcome.Fault;
import io.postmesh.delivery.outcome.Step;
import io.postmesh.delivery.outcome.Witness;
import io.postmesh.mail.SmtpReply;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One socket, spoken to in lines and replies, with a deadline for everything.
///
/// A virtual thread says and hears; the event loop reads and parses, and wakes it once for a whole group of replies.
final class SmtpConnection {
    private static final int MAX_UNFLUSHED = 2; // blocks of content on their way: all the memory a slow remote can hold

    private final NetSocket socket;
    private final Context context;
    private final Timeouts timeouts;
    private final ReplyParser parser = new ReplyParser();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final ArrayDeque<SmtpReply> heard = new ArrayDeque<>();
    private int expected = 1; // the banner comes unasked
    private int unflushed;
    private Listening listening = Listening.CLEAR;
    private Duration patience;
    private @Nullable Fault fault;
    private volatile long deadline;
    private Witness witness = Witness.NOBODY; // of the thread that hears

    /// What bytes from the socket are, now.
    private enum Listening {
        CLEAR,
        /// The next reply may be the last one in clear.
        LAST_IN_CLEAR,
        /// Whatever comes now was put there by somebody else (CVE-2011-0411 and its kin): dropped.
        DEAF,
        TLS,
        LEAVING
    }

    /// Called on the event loop, before any byte was read.
    SmtpConnection(NetSocket socket, Timeouts timeouts) {
        this.socket = socket;
        this.context = Objects.requireNonNull(Vertx.currentContext(), "not on an event loop");
        this.timeouts = timeouts;
        this.patience = timeouts.banner();
        this.deadline = System.nanoTime() + patience.toNanos();
        socket.handler(this::read);
        socket.exceptionHandler(_ -> {}); // the close handler follows
    }

    /// From now on this one is told what is heard.
    void tell(Witness who) {
        witness = who;
    }

    /// Sends command lines, each with its CR LF, and expects so many replies.
    void say(Step step, String lines, int replies) {
        expect(timeouts.of(step), replies);
        socket.write(Buffer.buffer(lines.getBytes(UTF_8)));
    }

    /// Sends the last of a mail's bytes, its dot among them.
    void finish(Slice bytes) {
        expect(timeouts.content(), 0);
        socket.write(buffer(bytes));
    }

    private static Buffer buffer(Slice bytes) {
        return Buffer.buffer(bytes.length()).appendBytes(bytes.array(), bytes.offset(), bytes.length());
    }

    /// Expects the reply to the dot, which an unruly remote may give while content is still going out.
    void expectVerdict() {
        expect(timeouts.block(), 1);
    }

    /// Sends some of a mail's bytes and waits while too many are on their way.
    ///
    /// @return false when there is no use in sending more: the remote has answered already
    boolean stream(Slice bytes) throws Setback {
        expect(timeouts.block(), 0);
        lock.lock();
        try {
            unflushed++;
        } finally {
            lock.unlock();
        }
        socket.write(buffer(bytes)).onComplete(_ -> flushed());
        lock.lock();
        try {
            while (unflushed >= MAX_UNFLUSHED && heard.isEmpty() && fault == null) await(Step.CONTENT);
            if (!heard.isEmpty()) return false;
            if (fault != null) throw Setback.broken(Step.CONTENT, fault, "");
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Waits until all expected replies are there, or will never be; returns the next of them.
    SmtpReply hear(Step step) throws Setback {
        var reply = next(step);
        witness.heard(step, reply.code());
        return reply;
    }

    private SmtpReply next(Step step) throws Setback {
        lock.lock();
        try {
            while (expected > 0 && fault == null) await(step);
            var next = heard.poll();
            if (next != null) {
                if (expected == 0) deadline = Long.MAX_VALUE;
                return next;
            }
            throw Setback.broken(step, fault == null ? Fault.GARBAGE : fault, "");
        } finally {
            lock.unlock();
        }
    }

    /// Says STARTTLS and hears the answer; from a 220 on the connection is deaf until TLS speaks.
    SmtpReply askForTls() throws Setback {
        lock.lock();
        try {
            listening = Listening.LAST_IN_CLEAR;
        } finally {
            lock.unlock();
        }
        say(Step.STARTTLS, "STARTTLS\r\n", 1);
        return hear(Step.STARTTLS);
    }

    /// Shakes hands.
    void startTls(ClientSSLOptions options, @Nullable String serverName) throws Setback {
        expect(timeouts.tls(), 0);
        // Vert.x changes the pipeline on whatever thread asks; bytes read meanwhile would go astray.
        context.runOnContext(
                _ -> socket.upgradeToSsl(options, serverName).onComplete(done -> upgraded(done.succeeded())));
        lock.lock();
        try {
            while (listening == Listening.DEAF && fault == null) await(Step.STARTTLS);
            if (fault != null) throw Setback.broken(Step.STARTTLS, Fault.TLS, "");
            deadline = Long.MAX_VALUE;
        } finally {
            lock.unlock();
        }
    }

    NetSocket socket() {
        return socket;
    }

    /// Whether it can be used again: nothing went wrong, nothing is owed to it.
    boolean isQuiet() {
        lock.lock();
        try {
            return fault == null && expected == 0 && heard.isEmpty() && !parser.isInReply();
        } finally {
            lock.unlock();
        }
    }

    /// Leaves politely, without waiting.
    void quit() {
        lock.lock();
        try {
            if (fault != null) return;
            listening = Listening.LEAVING;
        } finally {
            lock.unlock();
        }
        deadline = System.nanoTime() + timeouts.quit().toNanos();
        socket.write("QUIT\r\n");
    }

    /// Waits until it has left: until then the remote counts it. No longer than a QUIT may take.
    void awaitGone() {
        lock.lock();
        try {
            long left = timeouts.quit().toNanos();
            while (fault == null && left > 0) left = news.awaitNanos(left);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /// Leaves at once; what was being sent is not finished.
    void drop() {
        broke(Fault.CLOSED);
        socket.close();
    }

    /// Called by the watch, many times a second.
    void expireAt(long now) {
        if (now - deadline < 0 || deadline == Long.MAX_VALUE) return;
        broke(Fault.TIMEOUT);
        socket.close();
    }

    /// Called on the event loop.
    void closed() {
        broke(Fault.CLOSED);
    }

    private void expect(Duration howLong, int replies) {
        lock.lock();
        try {
            expected += replies;
            patience = howLong;
            deadline = System.nanoTime() + howLong.toNanos();
        } finally {
            lock.unlock();
        }
    }

    private void await(Step step) throws Setback {
        try {
            news.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            socket.close();
            throw Setback.broken(step, Fault.CLOSED, "interrupted");
        }
    }

    private void read(Buffer bytes) {
        lock.lock();
        try {
            if (fault != null || listening == Listening.DEAF) return;
            if (listening == Listening.LEAVING) {
                socket.close();
                return;
            }
            var replies = new ArrayList<SmtpReply>(4);
            parser.feed(bytes.getBytes(), replies);
            take(replies);
        } catch (ReplyParser.Garbage e) {
            broke(Fault.GARBAGE);
            socket.close();
        } finally {
            lock.unlock();
        }
    }

    private void take(List<SmtpReply> replies) throws ReplyParser.Garbage {
        for (var reply : replies) {
            if (expected == 0) throw new ReplyParser.Garbage("a reply nobody asked for");
            expected--;
            heard.add(reply);
            deadline = System.nanoTime() + patience.toNanos(); // the next one has its own time
            if (listening == Listening.LAST_IN_CLEAR) {
                listening = reply.code() == 220 ? Listening.DEAF : Listening.CLEAR;
                if (listening == Listening.DEAF) break;
            }
        }
        if (listening == Listening.DEAF) parser.reset();
        if (expected == 0 || !heard.isEmpty() && unflushed > 0) news.signalAll();
    }

    private void upgraded(boolean succeeded) {
        lock.lock();
        try {
            if (succeeded) listening = Listening.TLS;
            else if (fault == null) fault = Fault.TLS;
            news.signalAll();
        } finally {
            lock.unlock();
        }
        if (!succeeded) socket.close();
    }

    private void flushed() {
        lock.lock();
        try {
            unflushed--;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void broke(Fault how) {
        lock.lock();
        try {
            if (fault == null) fault = how;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
