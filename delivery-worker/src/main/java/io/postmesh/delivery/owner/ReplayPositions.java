package io.postmesh.delivery.owner;

import io.postmesh.contract.RecordId;
import io.postmesh.contract.Topics;
import io.postmesh.delivery.waiting.Identity;
import java.util.HashMap;
import java.util.Map;

/// From where the next owner must read (LEDGER L11): the lowest offset of anything written for a letter still open,
/// else the end.
///
/// A write's offset is known only when it is acknowledged. Until then the end known when it was sent stands for it: the
/// write can only land at or above it.
final class ReplayPositions {
    private static final class Firsts {
        long outcome = Long.MAX_VALUE;
        long waiting = Long.MAX_VALUE;
    }

    private record Late(RecordId record) {}

    private final Map<Object, Firsts> open = new HashMap<>(); // by a letter's key, or by who was left in doubt
    private final long inherited;
    private final long heldUntil;
    private long outcomesEnd;
    private long waitingEnd;

    /// @param inherited   where this owner began to read outcomes: kept, because input of the former owner's time may
    ///                    still meet its results there
    /// @param heldUntil   until everything below this input offset is finished
    /// @param outcomesEnd of `mail.outcomes` when it was read
    ReplayPositions(long inherited, long heldUntil, long outcomesEnd, long waitingEnd) {
        this.inherited = inherited;
        this.heldUntil = heldUntil;
        this.outcomesEnd = outcomesEnd;
        this.waitingEnd = waitingEnd;
    }

    /// Something is about to be written for this letter.
    void writing(Letter letter, Topics topic) {
        writing(letter.key(), topic);
    }

    /// The same without a letter, until [#written].
    synchronized void writing(RecordId record, Topics topic) {
        var firsts = open.computeIfAbsent(record, _ -> new Firsts());
        if (topic == Topics.OUTCOMES) firsts.outcome = Math.min(firsts.outcome, outcomesEnd);
        if (topic == Topics.WAITING) firsts.waiting = Math.min(firsts.waiting, waitingEnd);
    }

    synchronized void wrote(Topics topic, long offset) {
        if (topic == Topics.OUTCOMES) outcomesEnd = Math.max(outcomesEnd, offset + 1);
        if (topic == Topics.WAITING) waitingEnd = Math.max(waitingEnd, offset + 1);
    }

    synchronized void closed(Letter letter) {
        open.remove(letter.key());
    }

    /// A former owner wrote a state after its time, there; until it is written over, [#written].
    synchronized void late(RecordId record, long offset) {
        var firsts = open.computeIfAbsent(new Late(record), _ -> new Firsts());
        firsts.waiting = Math.min(firsts.waiting, offset);
    }

    /// What was written of this record is in the index, too.
    synchronized void written(RecordId record) {
        open.remove(record);
        open.remove(new Late(record));
    }

    /// A former owner's note the result of which is not known: whoever comes next must find it, too (L15, L19).
    synchronized void keep(Identity who, long note) {
        open.computeIfAbsent(who, _ -> new Firsts()).outcome = note;
    }

    synchronized void release(Identity who) {
        open.remove(who);
    }

    boolean isPast(long low) {
        return low >= heldUntil;
    }

    synchronized long outcomesFrom(long low) {
        long from = isPast(low) ? outcomesEnd : Math.min(inherited, outcomesEnd);
        for (var firsts : open.values()) from = Math.min(from, firsts.outcome);
        return from;
    }

    synchronized long waitingFrom() {
        long from = waitingEnd;
        for (var firsts : open.values()) from = Math.min(from, firsts.waiting);
        return from;
    }
}
