package io.postmesh.delivery.owner;

import io.postmesh.contract.RecordId;
import io.postmesh.contract.Waiting;
import io.postmesh.delivery.waiting.WaitingRoom;
import io.postmesh.mail.MailId;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a take-over found (LEDGER L17, L18), ready to go on with.
///
/// @param waiting  states with every final recipient subtracted
/// @param unreadable states that do not decode: counted, and their bodies kept for an operator
/// @param inputEnd what lies before may have been read, and dealt with, by the former owner
/// @param inDoubt  mails whose last note has no result, with the number of that attempt (L19)
/// @param doubted  how many recipients that are
record Inheritance(
        int epoch,
        Tracker tracker,
        FinishedMemory finished,
        ReplayPositions positions,
        List<Waiting> waiting,
        Set<RecordId> unreadable,
        long inputEnd,
        Map<MailId, Integer> inDoubt,
        int doubted) {

    WaitingRoom room() {
        var room = new WaitingRoom();
        waiting.forEach(room::put);
        return room;
    }
}
