package io.postmesh.delivery.smtp;

import io.postmesh.delivery.plan.Host;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// Sessions without work, kept a while for the next mail to the same host. The youngest is taken first, so that the
/// surplus of a burst grows old and leaves. Whoever makes room for another connection is seen off first, lest the
/// remote count one too many.
final class Pool {
    private final int mailsPerConnection;
    private final Duration idle;
    private final Map<Key, Deque<Resting>> resting = new HashMap<>();
    private boolean closed;

    /// The same address under another name, or on the way to another next hop, is another host: its certificate may
    /// have been accepted for the first only.
    private record Key(String name, String nextHop, java.net.InetAddress address, int port, boolean relay) {
        static Key of(Host host) {
            return new Key(host.name(), host.nextHop(), host.address(), host.port(), host.relay());
        }
    }

    private record Resting(Session session, long since) {}

    Pool(int mailsPerConnection, Duration idle) {
        this.mailsPerConnection = mailsPerConnection;
        this.idle = idle;
    }

    /// A session with one of these hosts. One that has carried its share of mails leaves, for a new connection to come.
    Optional<Session> take(List<Host> hosts) {
        var session = youngest(hosts);
        if (session.isEmpty() || session.get().mails() < mailsPerConnection) return session;
        seeOff(List.of(session.get()));
        return Optional.empty();
    }

    private synchronized Optional<Session> youngest(List<Host> hosts) {
        for (var host : hosts) {
            var sessions = resting.get(Key.of(host));
            while (sessions != null && !sessions.isEmpty()) {
                var session = sessions.pop().session();
                if (session.connection().isQuiet()) return Optional.of(session);
                session.connection().drop();
            }
        }
        return Optional.empty();
    }

    /// Gives back a session in good order; it rests, or leaves.
    void give(Session session) {
        if (!rests(session)) session.connection().quit();
    }

    private synchronized boolean rests(Session session) {
        if (closed || !session.connection().isQuiet()) return false;
        resting.computeIfAbsent(Key.of(session.host()), _ -> new ArrayDeque<>())
                .push(new Resting(session, System.nanoTime()));
        return true;
    }

    /// Sends home who has rested too long.
    void sweep(long now) {
        for (var session : tired(now)) session.connection().quit();
    }

    /// Sends home all who rest at these hosts.
    void letGo(Predicate<Host> hosts) {
        seeOff(taken(hosts));
    }

    private static void seeOff(List<Session> sessions) {
        for (var session : sessions) session.connection().quit();
        for (var session : sessions) session.connection().awaitGone();
    }

    private synchronized List<Session> taken(Predicate<Host> hosts) {
        var out = new ArrayList<Session>();
        for (var sessions : resting.values()) {
            if (sessions.isEmpty() || !hosts.test(sessions.peek().session().host())) continue;
            sessions.forEach(one -> out.add(one.session()));
            sessions.clear();
        }
        return out;
    }

    private synchronized List<Session> tired(long now) {
        var out = new ArrayList<Session>();
        for (var sessions : resting.values()) {
            while (!sessions.isEmpty() && now - sessions.peekLast().since() > idle.toNanos()) {
                out.add(sessions.removeLast().session());
            }
        }
        resting.values().removeIf(Deque::isEmpty);
        return out;
    }

    void close() {
        synchronized (this) {
            closed = true;
        }
        sweep(System.nanoTime() + idle.toNanos() + 1);
    }
}
