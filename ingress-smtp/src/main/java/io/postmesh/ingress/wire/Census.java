package io.postmesh.ingress.wire;

import io.postmesh.ingress.session.Client;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Counts connections of all event loops, so that one stranger cannot take all places.
public final class Census {
    private final int max;
    private final int maxPerStrangeNetwork;
    private final AtomicInteger open = new AtomicInteger();
    private final ConcurrentHashMap<String, Integer> strangers = new ConcurrentHashMap<>();

    public Census(int max, int maxPerStrangeNetwork) {
        this.max = max;
        this.maxPerStrangeNetwork = maxPerStrangeNetwork;
    }

    /// Counts a connection; false when it is one too many. Either way [#leave] follows.
    boolean enter(Client client) {
        boolean room = open.incrementAndGet() <= max;
        if (client.trusted()) return room;
        return strangers.merge(client.network(), 1, Integer::sum) <= maxPerStrangeNetwork && room;
    }

    void leave(Client client) {
        open.decrementAndGet();
        if (!client.trusted()) strangers.computeIfPresent(client.network(), (_, n) -> n == 1 ? null : n - 1);
    }

    boolean isStressed() {
        return open.get() > max / 5 * 4;
    }

    public int open() {
        return open.get();
    }
}
