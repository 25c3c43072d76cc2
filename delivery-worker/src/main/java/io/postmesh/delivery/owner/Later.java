package io.postmesh.delivery.owner;

import java.util.ArrayList;
import java.util.List;

/// What must be put off until everybody who waits is known (LEDGER L17): mail that may be waiting already, and what was
/// said about records that may wait.
final class Later {
    private final Crew crew;
    private List<Runnable> put = new ArrayList<>();

    Later(Crew crew) {
        this.crew = crew;
    }

    synchronized void arrival(Runnable admitted) {
        put.add(admitted);
    }

    synchronized void work(Object what, Crew.Work work) {
        put.add(() -> crew.workAside(what, work));
    }

    /// It is known. Whoever comes too late for this finds the next call.
    void now() {
        take().forEach(Runnable::run);
    }

    private synchronized List<Runnable> take() {
        var all = put;
        if (!all.isEmpty()) put = new ArrayList<>();
        return all;
    }
}
