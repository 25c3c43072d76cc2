package io.postmesh.lab.sink;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/// What happened so far, in numbers.
public final class Counters {
    final AtomicLong connections = new AtomicLong();
    final AtomicInteger open = new AtomicInteger();
    final AtomicInteger mostOpen = new AtomicInteger();
    final AtomicLong messages = new AtomicLong();
    final LongAdder recipients = new LongAdder();
    final LongAdder octets = new LongAdder();
    final LongAdder faults = new LongAdder();
    final LongAdder flawed = new LongAdder();

    /// Connections taken, refused ones included.
    public long connections() {
        return connections.get();
    }

    public int open() {
        return open.get();
    }

    /// The most connections that were open at once.
    public int mostOpen() {
        return mostOpen.get();
    }

    /// Messages kept: answered 250, or swallowed by a mailbox that hangs up after the dot.
    public long messages() {
        return messages.get();
    }

    /// Recipients of those messages.
    public long recipients() {
        return recipients.sum();
    }

    /// Octets of those messages, as they were on the wire.
    public long octets() {
        return octets.sum();
    }

    /// How often the sink misbehaved as told.
    public long faults() {
        return faults.sum();
    }

    /// Messages with a bare CR, a bare LF or an undoubled dot.
    public long flawed() {
        return flawed.sum();
    }

    long opened() {
        mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
        return connections.incrementAndGet();
    }
}
