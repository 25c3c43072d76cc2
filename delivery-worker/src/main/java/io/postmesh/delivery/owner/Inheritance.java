package io.postmesh.delivery.owner;

import io.postmesh.contract.RecordId;
import io.postmesh.contract.Waiting;
import io.postmesh.delivery.waiting.WaitingRoom;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a take-over found (LEDGER L17, L18), ready to go on with.
///
/// @param waiting  states with every final recipient subtracted
/// @param unreadable states that do not decode: counted, and their bodies kept for an operator
/// @param inputEnd what lies before may have been read, and dealt with, by the former owner
/// @param doubts   recipients whose last note has no result (L15, L19)
/// @param outcomesEnd of `mail.outcomes`: what others write is told from there on (L16)
/// @param waitingEnd  the same of `mail.waiting`
/// @param overruled   records whose last state is a former owner's that came late: to be written again (L16)
record Inheritance(
        int epoch,
        Tracker tracker,
        FinishedMemory finished,
        ReplayPositions positions,
        List<Waiting> waiting,
        Set<RecordId> unreadable,
        long inputEnd,
        Map<Identity, Doubts.Doubt> doubts,
        long outcomesEnd,
        long waitingEnd,
        List<RecordId> overruled) {

    /// Recipients in doubt: nobody will write their result any more (L19).
    int doubted() {
        return (int) doubts.values().stream()
                .filter(doubt -> doubt.until().isEmpty())
                .count();
    }

    WaitingRoom room() {
        var room = new WaitingRoom();
        waiting.forEach(room::put);
        return room;
    }
}
