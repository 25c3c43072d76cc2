package io.postmesh.delivery.smtp;

import io.netty.channel.ConnectTimeoutException;
import io.postmesh.delivery.outcome.Fault;
import io.postmesh.delivery.outcome.Step;
import io.postmesh.delivery.plan.Egress;
import io.postmesh.delivery.plan.Host;
import io.vertx.core.Vertx;
import io.vertx.core.net.ConnectOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// Opens sockets: the one door by which mail leaves, so the rule of egress is asked here, with the very address.
final class Connector {
    private final Vertx vertx;
    private final NetClient client;
    private final Egress egress;
    private final OwnAddresses own;
    private final Timeouts timeouts;
    private final CarrierMeters meters;
    private final Set<SmtpConnection> open = ConcurrentHashMap.newKeySet();

    Connector(Vertx vertx, Egress egress, OwnAddresses own, Timeouts timeouts, CarrierMeters meters) {
        this.vertx = vertx;
        this.client = vertx.createNetClient(new NetClientOptions().setTcpNoDelay(true));
        this.egress = egress;
        this.own = own;
        this.timeouts = timeouts;
        this.meters = meters;
    }

    SmtpConnection connect(Host host) throws Setback {
        if (!egress.permits(host, own.get())) throw Setback.broken(Step.CONNECT, Fault.FORBIDDEN, host.toString());
        var to = new ConnectOptions().setRemoteAddress(nameless(host)).setTimeout((int)
                timeouts.connect().toMillis());
        var connected = new CompletableFuture<SmtpConnection>();
        // From the event loop that will own the socket: a handler set from elsewhere may be set after the banner came,
        // and Vert.x drops what nobody handles.
        vertx.getOrCreateContext()
                .runOnContext(_ -> client.connect(to)
                        .map(socket -> watched(socket, host))
                        .onComplete(done -> {
                            if (done.succeeded()) connected.complete(done.result());
                            else connected.completeExceptionally(done.cause());
                        }));
        return await(connected, host);
    }

    // An address that carries a name might be resolved again on the way, to something nobody looked at.
    private static SocketAddress nameless(Host host) {
        try {
            var address = InetAddress.getByAddress(host.address().getAddress());
            return SocketAddress.inetSocketAddress(new InetSocketAddress(address, host.port()));
        } catch (UnknownHostException e) {
            throw new AssertionError("an address has the length of an address", e);
        }
    }

    private SmtpConnection watched(NetSocket socket, Host host) {
        var connection = new SmtpConnection(socket, timeouts);
        open.add(connection);
        meters.opened(host);
        socket.closeHandler(_ -> {
            open.remove(connection);
            meters.closed(host);
            connection.closed();
        });
        return connection;
    }

    private static SmtpConnection await(CompletableFuture<SmtpConnection> connecting, Host host) throws Setback {
        try {
            return connecting.get();
        } catch (ExecutionException e) {
            throw failed(e.getCause(), host);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            connecting.thenAccept(SmtpConnection::drop);
            throw Setback.broken(Step.CONNECT, Fault.CLOSED, "interrupted");
        }
    }

    /// What it means that no connection came about, by the kind of the exception.
    ///
    /// A remote that accepts and resets at once may be quicker than our end of the connect: then the reset
    /// is reported here and not by the socket. The same thing happened, so the verdict is the same: a
    /// connection lost before its banner.
    static Setback failed(@Nullable Throwable cause, Host host) {
        if (cause instanceof ConnectTimeoutException) {
            return Setback.broken(Step.CONNECT, Fault.TIMEOUT, host.toString());
        }
        if (wasLost(cause)) return Setback.broken(Step.BANNER, Fault.CLOSED, host.toString());
        return Setback.broken(Step.CONNECT, Fault.UNREACHABLE, host + (cause == null ? "" : " " + cause.getMessage()));
    }

    // Refused and no route have types of their own. An unreachable network and a reset are both a SocketException, told
    // apart by the system's text; in another language a reset is called unreachable, which is tried again all the same.
    private static boolean wasLost(@Nullable Throwable cause) {
        if (cause instanceof ClosedChannelException) return true;
        boolean neverWas = cause instanceof ConnectException || cause instanceof NoRouteToHostException;
        if (neverWas || !(cause instanceof IOException)) return false;
        return String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT).contains("reset");
    }

    /// Ends what has waited too long. Called often; one sweep is cheaper than a timer for every reply.
    void sweep(long now) {
        for (var connection : open) connection.expireAt(now);
    }

    int openConnections() {
        return open.size();
    }
}
