package io.postmesh.ingress.wire;

import io.postmesh.mail.SmtpReply;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.function.LongSupplier;

/// What is said to a client: replies to pipelined commands go out together (RFC 2920 §3.2).
final class Outlet {
    /// Replies collected before they are written although more commands are at hand.
    private static final int FLUSH_AT = 16 * 1024;

    private final NetSocket socket;
    private final Runnable taken;
    private final Watch sinceFull;
    private final StringBuilder replies = new StringBuilder();
    private boolean full;

    /// @param taken runs when a client that did not read its replies has read them
    Outlet(NetSocket socket, LongSupplier nanoTime, Runnable taken) {
        this.socket = socket;
        this.taken = taken;
        this.sinceFull = new Watch(nanoTime);
        socket.setWriteQueueMaxSize(64 * 1024);
    }

    void say(SmtpReply reply) {
        replies.append(reply.wire());
        if (replies.length() >= FLUSH_AT) flush();
    }

    void flush() {
        if (replies.isEmpty()) return;
        socket.write(Buffer.buffer(replies.toString()));
        replies.setLength(0);
        if (full || !socket.writeQueueFull()) return;
        full = true;
        sinceFull.restart();
        socket.drainHandler(_ -> {
            full = false;
            taken.run();
        });
    }

    /// A client that does not read: no more commands of it until it does (the write queue of Vert.x has no end).
    boolean isFull() {
        return full;
    }

    boolean isFullFor(Duration limit) {
        return full && sinceFull.isPast(limit);
    }

    /// Closes when the client has taken our last words: never, if it does not read them.
    void end() {
        flush();
        socket.end();
    }

    /// Closes now.
    void cut() {
        ((NetSocketInternal) socket).channelHandlerContext().close();
    }
}
