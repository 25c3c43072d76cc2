package io.postmesh.ingress.intake;

import java.util.concurrent.atomic.AtomicLong;

/// Octets of memory for mail in flight, shared by all event loops. Set aside at MAIL, so that overload is a 452 there
/// and not an exhausted heap later.
public final class Budget {
    private final long capacity;
    private final AtomicLong used = new AtomicLong();

    public Budget(long capacity) {
        this.capacity = capacity;
    }

    boolean reserve(long octets) {
        if (used.addAndGet(octets) <= capacity) return true;
        used.addAndGet(-octets);
        return false;
    }

    /// Memory that is in use already, whether or not it fits.
    void add(long octets) {
        used.addAndGet(octets);
    }

    void release(long octets) {
        used.addAndGet(-octets);
    }

    /// Past this, messages are cut off and connections turned away.
    boolean isFarOver() {
        return used.get() > capacity + capacity / 4;
    }

    public long used() {
        return used.get();
    }
}
