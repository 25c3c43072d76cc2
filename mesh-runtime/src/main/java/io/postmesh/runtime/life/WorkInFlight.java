package io.postmesh.runtime.life;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Work that should end before what it writes to is closed. Open it in a [ServiceRun] after the writers and before the
/// doors: closing then shuts the doors, waits here, and closes the writers.
public final class WorkInFlight implements AutoCloseable {
    /// One piece of work; close it when it is done, once.
    public interface Piece extends AutoCloseable {
        @Override
        void close();
    }

    private static final Logger log = LoggerFactory.getLogger(WorkInFlight.class);

    private final Duration patience;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private int pieces;

    /// @param patience how long a stop waits
    public WorkInFlight(Duration patience) {
        this.patience = patience;
    }

    public Piece begin() {
        add(1);
        return () -> add(-1);
    }

    private void add(int change) {
        lock.lock();
        try {
            pieces += change;
            if (pieces == 0) idle.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            long left = patience.toNanos();
            while (pieces > 0 && left > 0) left = idle.awaitNanos(left);
            if (pieces > 0) log.warn("stopping with {} pieces of work unfinished after {} s", pieces, seconds());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private long seconds() {
        return TimeUnit.NANOSECONDS.toSeconds(patience.toNanos());
    }
}
