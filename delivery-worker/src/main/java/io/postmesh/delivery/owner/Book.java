package io.postmesh.delivery.owner;

import io.postmesh.contract.Envelope;
import io.postmesh.contract.Recipient;
import io.postmesh.contract.RecordId;
import io.postmesh.contract.Waiting;
import io.postmesh.delivery.waiting.WaitingRoom;
import io.postmesh.mail.MailId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// All an owner knows of its partition: which offsets are finished, who is final, who is open, who waits. One lock
/// guards it; nothing here waits for anybody.
final class Book {
    private static final long IN_PROGRESS = 0;
    private static final long WAITING = 1;

    /// The hold of a record on its input offset: one for its letter, one for each recipient that another letter has in
    /// progress (LEDGER L18). The offset is finished when all are let go.
    static final class Claim {
        private final long offset;
        private int holds;

        private Claim(long offset) {
            this.offset = offset;
        }
    }

    /// @param fresh    recipients nobody knows yet: they are to be served
    /// @param repeated recipients that are final, waiting or in progress already: dropped
    /// @param again    the former owner read this record, too: what it already did is no repetition
    /// @param attempts attempts of a former owner that ended without a word
    record Admission(List<Recipient> fresh, List<Recipient> repeated, boolean again, int attempts, Claim claim) {}

    private final Tracker tracker;
    private final FinishedMemory finished;
    private final WaitingRoom room;
    private final ReplayPositions positions;
    private final Map<MailId, Integer> inDoubt;
    private final long inputEnd;
    private final IdentityTable open = new IdentityTable();
    private final Map<Identity, List<Claim>> watchers = new HashMap<>();

    Book(Inheritance left) {
        tracker = left.tracker();
        finished = left.finished();
        room = left.room();
        positions = left.positions();
        inDoubt = new HashMap<>(left.inDoubt());
        inputEnd = left.inputEnd();
        for (var state : left.waiting()) {
            for (int position : state.positions()) open.put(Identity.of(state.id(), position), WAITING);
        }
    }

    /// A record arrived. Empty when an earlier owner finished it.
    synchronized Optional<Claim> arrives(long offset) {
        if (!tracker.arrives(offset)) return Optional.empty();
        var claim = new Claim(offset);
        claim.holds = 1;
        return Optional.of(claim);
    }

    synchronized void passed(long position) {
        tracker.passed(position);
    }

    /// Who of a record's recipients is to be served. From here on they are in progress.
    synchronized Admission admit(Envelope envelope, Claim claim) {
        var fresh = new ArrayList<Recipient>();
        var repeated = new ArrayList<Recipient>();
        for (var to : envelope.recipients()) {
            var who = Identity.of(envelope.id(), to.position());
            long state = open.get(who);
            if (state == IdentityTable.ABSENT && !finished.contains(who)) {
                open.put(who, IN_PROGRESS);
                fresh.add(to);
                continue;
            }
            repeated.add(to);
            if (state == IN_PROGRESS) watch(who, claim);
        }
        var attempts = fresh.isEmpty() ? null : inDoubt.get(envelope.id());
        return new Admission(fresh, repeated, claim.offset < inputEnd, attempts == null ? 0 : attempts, claim);
    }

    private void watch(Identity who, Claim claim) {
        claim.holds++;
        watchers.computeIfAbsent(who, _ -> new ArrayList<>()).add(claim);
    }

    /// Final, and durably so: these count as done (LEDGER L7).
    synchronized void finalised(Letter letter, List<Recipient> some, long outcome) {
        for (var to : some) {
            var who = Identity.of(letter.envelope().id(), to.position());
            open.remove(who);
            finished.add(who, outcome);
            settled(who);
        }
    }

    /// They wait, and durably so.
    synchronized void seated(Waiting state) {
        room.put(state);
        for (int position : state.positions()) {
            var who = Identity.of(state.id(), position);
            open.put(who, WAITING);
            settled(who);
        }
    }

    synchronized void left(RecordId record) {
        room.leave(record);
    }

    /// Nothing about this letter remains to be written.
    synchronized void closed(Letter letter) {
        if (letter.source() instanceof Letter.Source.Arrived(var claim)) release(claim);
        positions.closed(letter);
    }

    /// It goes back to the waiting room as it came from there.
    synchronized void recalled(Letter letter, RecordId record, Instant due) {
        room.callAgain(record, due);
        positions.closed(letter);
    }

    synchronized void callAgain(RecordId record, Instant due) {
        room.callAgain(record, due);
    }

    synchronized void release(Claim claim) {
        if (--claim.holds == 0) tracker.finish(claim.offset);
    }

    synchronized List<Waiting> call(Instant now, int most) {
        return room.call(now, most);
    }

    /// Whether the state of this record, if it waits, names the body at this offset.
    synchronized boolean names(RecordId record, long bodyOffset) {
        return room.get(record)
                .filter(state -> state.bodyOffset() == bodyOffset)
                .isPresent();
    }

    synchronized int waiting() {
        return room.size();
    }

    synchronized int openRecords() {
        return tracker.openCount();
    }

    /// What to commit: all of one moment, so a record is either open here or covered by the replay positions.
    synchronized Commit commit(int epoch) {
        long low = tracker.low();
        long outcomes = positions.outcomesFrom(low);
        if (positions.isPast(low)) inDoubt.clear();
        finished.forget(outcomes);
        var bookmark =
                new Bookmark(epoch, outcomes, finished.oldest(outcomes), positions.waitingFrom(), tracker.runs());
        return new Commit(low, bookmark);
    }

    record Commit(long offset, Bookmark bookmark) {}

    private void settled(Identity who) {
        var claims = watchers.remove(who);
        if (claims != null) claims.forEach(this::release);
    }
}
