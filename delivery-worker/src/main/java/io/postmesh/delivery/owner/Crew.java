package io.postmesh.delivery.owner;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who works for a partition at this moment, and what they may still do.
final class Crew {
    private static final Logger log = LoggerFactory.getLogger(Crew.class);

    private enum Standing {
        OWNING,
        LEAVING, // no new attempts; what is on its way is still written down
        GONE // results only: state and body are the next owner's to write (LEDGER L15)
    }

    interface Work {
        void run() throws InterruptedException;
    }

    private final Executor side;
    private final Runnable stuck;
    private int working;
    private volatile Standing standing = Standing.OWNING;

    /// @param stuck told of each work that a bug ended
    Crew(Executor side, Runnable stuck) {
        this.side = side;
        this.stuck = stuck;
    }

    boolean owns() {
        return standing == Standing.OWNING;
    }

    boolean isGone() {
        return standing == Standing.GONE;
    }

    /// Works on this thread. An interrupt is the end of the worker: nothing more is written, nothing finished.
    void work(Object what, Work work) {
        begin();
        try {
            work.run();
        } catch (InterruptedException stop) {
            log.debug("{} is left as it is: the worker stops", what);
        } catch (RuntimeException bug) {
            // It stays open and its offset unfinished, so the next owner gets it.
            log.error("{} is stuck: {}", what, bug.toString(), bug);
            stuck.run();
        } finally {
            end();
        }
    }

    void workAside(Object what, Work work) {
        try {
            side.execute(() -> work(what, work));
        } catch (RejectedExecutionException stop) {
            log.debug("{} is left as it is: the worker stops", what);
        }
    }

    /// No new attempts.
    void leave() {
        standing = Standing.LEAVING;
    }

    /// Gives those on their way some time to be written down; then their time is over.
    synchronized void await(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        try {
            for (long left = patience.toMillis(); working > 0 && left > 0; left = millisUntil(deadline)) wait(left);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        standing = Standing.GONE;
    }

    void gone() {
        standing = Standing.GONE;
    }

    private synchronized void begin() {
        working++;
    }

    private synchronized void end() {
        if (--working == 0) notifyAll();
    }

    private static long millisUntil(long deadline) {
        return (deadline - System.nanoTime()) / 1_000_000;
    }
}
