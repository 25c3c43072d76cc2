package io.postmesh.delivery.lane;

import io.postmesh.contract.Reason;
import java.time.Instant;

/// Something that waits for its turn at a destination.
public interface Errand {
    String destination();

    /// It goes to a relay, and so does everything that is behind it.
    boolean isRelayed();

    /// Mail to its destination is spread over all workers (LEDGER L2); else only one of them has it.
    boolean isSpread();

    /// What it takes of memory while it waits.
    int octets();

    /// Who may withdraw it: see [LaneBook#withdraw].
    Object client();

    /// Its turn has come; runs on a virtual thread of its own. The place is given back with [Turn#over], at the latest
    /// when this returns.
    void run(Turn turn);

    /// How much speaks for it that it kills its process (LEDGER L19). A suspect is never turned away.
    Suspicion suspicion();

    /// It has talked for so long that whatever happens from now on is not held against it. Called without locks; must
    /// not block.
    void acquitted();

    /// There is no turn for it (LEDGER L12): it must wait elsewhere. Called without locks; must not block.
    void turnedAway(Reason reason, Instant notBefore);
}
