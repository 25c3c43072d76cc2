package io.postmesh.ingress.wire;

import io.postmesh.ingress.session.Client;
import io.postmesh.ingress.session.Limits;
import io.postmesh.ingress.session.Networks;
import io.postmesh.ingress.session.Refusal;
import io.postmesh.ingress.session.Replies;
import io.postmesh.ingress.session.SenderRule;
import io.postmesh.ingress.session.Session;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Listens; one instance per event loop, all on the same port.
public final class SmtpServer extends VerticleBase {
    private static final long SWEEP_MILLIS = 500;

    /// What all instances share.
    ///
    /// @param refusals are told of from every event loop, and must not wait
    /// @param door     makes the door of one event loop
    public record Plan(
            String host,
            int port,
            String ourName,
            Limits limits,
            SenderRule senders,
            Networks trusted,
            Deadlines deadlines,
            Census census,
            DoorMeters meters,
            Consumer<Refusal> refusals,
            LongSupplier nanoTime,
            Function<Context, Door> door) {}

    private final Plan plan;
    private final Set<Connection> connections = new HashSet<>();
    private @Nullable NetServer server;
    private @Nullable Door door;
    private @Nullable Promise<Void> emptied;

    public SmtpServer(Plan plan) {
        this.plan = plan;
    }

    @Override
    public Future<?> start() {
        door = plan.door().apply(context);
        vertx.setPeriodic(SWEEP_MILLIS, _ -> sweep());
        server = vertx.createNetServer(new NetServerOptions()
                .setHost(plan.host())
                .setPort(plan.port())
                .setTcpNoDelay(true)
                .setTcpKeepAlive(true)
                .setReuseAddress(true)
                .setAcceptBacklog(1024));
        return server.connectHandler(this::connected).listen();
    }

    private void connected(NetSocket socket) {
        var client = clientOf(socket.remoteAddress());
        var theDoor = door;
        if (client == null || theDoor == null) {
            socket.close();
            return;
        }
        boolean room = plan.census().enter(client);
        var session = new Session(plan.ourName(), plan.limits(), plan.senders(), client);
        var connection = new Connection(
                socket, context, session, theDoor, plan.deadlines(), plan.meters(), plan.refusals(), plan.nanoTime());
        socket.closeHandler(_ -> left(connection, client));
        connections.add(connection);
        if (emptied != null) connection.turnAway(Replies.STOPPING);
        else if (!room) connection.turnAway(Replies.TOO_MANY_CONNECTIONS);
        else if (!theDoor.isOpen()) connection.turnAway(Replies.OVERLOADED);
        else connection.open();
    }

    private void left(Connection connection, Client client) {
        plan.census().leave(client);
        connection.closed();
        connections.remove(connection);
        if (emptied != null && connections.isEmpty()) emptied.tryComplete();
    }

    private @Nullable Client clientOf(SocketAddress address) {
        try {
            var ip = InetAddress.getByName(address.hostAddress()).getAddress(); // a literal: nothing is looked up
            var text = InetAddress.getByAddress(ip).getHostAddress();
            return new Client(text, Networks.networkOf(ip), plan.trusted().contains(ip));
        } catch (UnknownHostException e) {
            return null;
        }
    }

    private void sweep() {
        var limits = plan.census().isStressed() ? plan.deadlines().stressed() : plan.deadlines();
        for (var connection : snapshot()) connection.checkTime(limits);
    }

    private List<Connection> snapshot() {
        return new ArrayList<>(connections);
    }

    /// Says 421 to everyone who is not in the middle of a message; those get their answer first, up to a limit.
    @Override
    public Future<?> stop() {
        var done = Promise.<Void>promise();
        emptied = done;
        for (var connection : snapshot()) connection.stop();
        if (connections.isEmpty()) done.tryComplete();
        vertx.setTimer(plan.deadlines().stop().toMillis(), _ -> {
            for (var connection : snapshot()) connection.stopNow();
            done.tryComplete();
        });
        return done.future()
                .compose(_ -> server == null ? Future.<Void>succeededFuture() : server.close())
                .onComplete(_ -> closeDoor());
    }

    private void closeDoor() {
        if (door != null) door.close();
    }
}
