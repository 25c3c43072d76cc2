package io.postmesh.delivery.owner;

import io.postmesh.contract.RecordId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who works for a partition at this moment, and what they may still do (LEDGER L13 to L15).
final class Crew {
    private static final Logger log = LoggerFactory.getLogger(Crew.class);
    private static final Duration LOOK = Duration.ofMillis(20);

    private enum Standing {
        OWNING,
        LEAVING, // no new attempts, no dots; what is on its way is still written down
        GONE // results only: state and body are the next owner's to write (LEDGER L15)
    }

    interface Work {
        void run() throws InterruptedException, LeaseLost;
    }

    private final Executor side;
    private final Runnable stuck;
    private final Lease lease;
    private final Set<Attempt> attempts = Collections.newSetFromMap(new IdentityHashMap<>());
    private int working;
    private volatile Standing standing = Standing.OWNING;

    /// @param stuck told of each work that a bug ended
    Crew(Executor side, Lease lease, Runnable stuck) {
        this.side = side;
        this.lease = lease;
        this.stuck = stuck;
    }

    boolean owns() {
        return standing == Standing.OWNING;
    }

    /// Whether MAIL FROM or a dot may be said (L13).
    boolean mayTalk() {
        return owns() && lease.isGood();
    }

    /// Whether state and body are ours to write (L13, L15). Waits while that is not known: without a good lease they
    /// are not, and yet nobody has taken them from us.
    boolean keepsState() throws InterruptedException {
        return lease.awaitGood(() -> standing == Standing.GONE);
    }

    /// Works on this thread. An interrupt is the end of the worker: nothing more is written, nothing finished.
    void work(Object what, Work work) {
        begin();
        try {
            work.run();
        } catch (InterruptedException stop) {
            log.debug("{} is left as it is: the worker stops", what);
        } catch (LeaseLost lost) {
            log.debug("{} is left to the next owner", what);
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

    /// @return false when no attempt may begin any more
    synchronized boolean begins(Attempt attempt) {
        return owns() && attempts.add(attempt);
    }

    synchronized void ended(Attempt attempt) {
        attempts.remove(attempt);
    }

    /// No new attempts; those before their dot are ended (L14).
    synchronized void leave() {
        standing = Standing.LEAVING;
        attempts.forEach(Attempt::cut);
    }

    /// The partition is somebody else's.
    synchronized void gone() {
        standing = Standing.GONE;
        attempts.forEach(Attempt::cut);
    }

    /// Gives those on their way some time to be written down: until `end`; those past their dot, until `grace`.
    synchronized void await(long grace, long end) {
        try {
            for (long now = System.nanoTime(); working > 0 && now - end < 0; now = System.nanoTime()) {
                if (now - grace > 0 && working <= pastTheirDot()) return;
                wait(LOOK.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Waits for all of them.
    void await(long end) {
        await(end, end);
    }

    /// Letters that the remote may have.
    synchronized Set<RecordId> dotted() {
        return attempts.stream()
                .filter(Attempt::isPastItsDot)
                .map(Attempt::record)
                .collect(Collectors.toSet());
    }

    private long pastTheirDot() {
        return attempts.stream().filter(Attempt::isPastItsDot).count();
    }

    /// Hand-over notes on their way, one for each attempt past its dot.
    synchronized List<Ledger.Pending> handOver(Instant deadline) {
        return attempts.stream()
                .flatMap(attempt -> attempt.handOver(deadline).stream())
                .toList();
    }

    private synchronized void begin() {
        working++;
    }

    private synchronized void end() {
        if (--working == 0) notifyAll();
    }
}
