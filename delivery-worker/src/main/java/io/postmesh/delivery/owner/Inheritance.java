package io.postmesh.delivery.owner;

import io.postmesh.contract.RecordId;
import io.postmesh.delivery.waiting.Identity;
import io.postmesh.delivery.waiting.Indexes;
import io.postmesh.delivery.waiting.WaitingRoom;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a take-over found (LEDGER L17, L18), ready to go on with.
///
/// @param topicId  of `mail.waiting` as it was read
/// @param room     states with every final recipient subtracted: of everybody, or of those who came lately
/// @param rest     what the index of everybody is to be made from; empty when the room is whole
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
        String topicId,
        WaitingRoom room,
        Optional<Indexes.Found> rest,
        long inputEnd,
        Map<Identity, Doubts.Doubt> doubts,
        long outcomesEnd,
        long waitingEnd,
        Set<RecordId> overruled) {

    /// Nobody goes on with it: its indexes are given back, for whoever takes the partition over next.
    void close(Indexes indexes) {
        room.close();
        rest.ifPresent(unused -> indexes.close(unused.index()));
    }

    /// Recipients in doubt: nobody will write their result any more (L19).
    int doubted() {
        return (int) doubts.values().stream()
                .filter(doubt -> doubt.until().isEmpty())
                .count();
    }
}
