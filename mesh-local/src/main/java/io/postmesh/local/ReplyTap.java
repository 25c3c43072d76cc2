package io.postmesh.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postmesh.runtime.settings.HostPort;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.parsetools.RecordParser;
import java.util.Optional;

/// A wire between the mail client and the server that listens in on the server's replies.
///
/// Vert.x Mail Client keeps the reply to the final dot to itself (its MailResult has the Message-ID and the
/// recipients);
/// the mail id is in that reply.
final class ReplyTap {
    private static final int MAX_REPLY_LINE = 1_000; // RFC 5321 §4.5.3.1.5 asks for 512

    private final Vertx vertx;
    private final HostPort server;
    private boolean dataBegun;
    private String last = "";
    private String afterDot = "";
    private String refusal = "";
    private boolean reached;

    ReplyTap(Vertx vertx, HostPort server) {
        this.vertx = vertx;
        this.server = server;
    }

    /// Listens on a port of loopback, for one client.
    Future<NetServer> listen() {
        return vertx.createNetServer().connectHandler(this::join).listen(0, "127.0.0.1");
    }

    private void join(NetSocket client) {
        client.pause();
        vertx.createNetClient()
                .connect(server.port(), server.host())
                .onSuccess(remote -> {
                    reached = true;
                    client.handler(octets -> {
                        remote.write(octets);
                        if (!remote.writeQueueFull()) return;
                        client.pause(); // a server slower than we are: the mail does not lie here once more
                        remote.drainHandler(_ -> client.resume());
                    });
                    client.closeHandler(_ -> remote.close());
                    var lines = RecordParser.newDelimited("\r\n", this::hear).maxRecordSize(MAX_REPLY_LINE);
                    lines.exceptionHandler(_ -> remote.close());
                    remote.handler(octets -> {
                        client.write(octets);
                        lines.handle(octets);
                    });
                    remote.closeHandler(_ -> client.close());
                    client.resume();
                })
                .onFailure(problem -> client.close());
    }

    private void hear(Buffer line) {
        last = line.toString(UTF_8);
        if (last.startsWith("354")) {
            dataBegun = true;
        } else if (dataBegun && afterDot.isEmpty() && !last.startsWith("-", 3)) {
            afterDot = last;
        }
        if (refusal.isEmpty() && (last.startsWith("4") || last.startsWith("5"))) refusal = last;
    }

    /// The reply to the final dot.
    Optional<String> afterDot() {
        return afterDot.isEmpty() ? Optional.empty() : Optional.of(afterDot);
    }

    /// The first reply that said no.
    Optional<String> refusal() {
        return refusal.isEmpty() ? Optional.empty() : Optional.of(refusal);
    }

    boolean heardNothing() {
        return last.isEmpty();
    }

    /// The server took the connection, whatever it did then.
    boolean reached() {
        return reached;
    }
}
