package io.postmesh.delivery.owner;

import io.postmesh.contract.Envelope;
import io.postmesh.contract.Recipient;
import io.postmesh.contract.RecordId;
import io.postmesh.contract.Waiting;
import io.postmesh.delivery.waiting.Identity;
import io.postmesh.delivery.waiting.Index;
import io.postmesh.delivery.waiting.Mark;
import io.postmesh.delivery.waiting.WaitingRoom;
import io.postmesh.mail.MailId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// All an owner knows of its partition: which offsets are finished, who is final, who is open, who waits. One lock
/// guards it; nothing here waits for anybody.
final class Book {
    private static final Duration LATER = Duration.ofSeconds(1);

    private final Offsets offsets;
    private final FinishedMemory finished;
    private final WaitingRoom room;
    private final ReplayPositions positions;
    private final OpenDoubts doubts;
    private final Recipients recipients;
    private final Set<RecordId> busy = new HashSet<>(); // records with a letter, or whose state is being written over
    private final Set<RecordId> overruled = new HashSet<>(); // busy ones that a former owner wrote about meanwhile
    private boolean pastInherited;
    private boolean closed;

    Book(Inheritance left) {
        offsets = new Offsets(left.tracker());
        finished = left.finished();
        room = left.room();
        positions = left.positions();
        doubts = new OpenDoubts(left.doubts(), positions);
        recipients = new Recipients(finished, doubts, offsets, left.inputEnd());
    }

    /// A record arrived. Empty when an earlier owner finished it.
    synchronized Optional<Offsets.Claim> arrives(long offset) {
        return offsets.arrives(offset);
    }

    synchronized void passed(long position) {
        offsets.passed(position);
    }

    /// Who of a record's recipients is to be served. From here on they are in progress.
    ///
    /// @return empty when somebody may be waiting here and it is not known yet (L17): to be asked again later
    synchronized Optional<Admission> admit(Envelope envelope, Offsets.Claim claim) {
        var waits = envelope.recipients().stream()
                .filter(to -> room.waits(Identity.of(envelope.id(), to.position())))
                .toList();
        if (!room.knows(envelope.acceptedAt())) return Optional.empty(); // asked last: a question can cost the index
        var admission = recipients.admit(envelope, claim, waits);
        for (var letter : admission.fresh()) busy.add(letter.key());
        return Optional.of(admission);
    }

    /// How many workers died over these recipients (L19).
    synchronized int crashes(MailId id, List<Integer> positions) {
        return doubts.crashes(id, positions);
    }

    /// Until when another worker may write the result of some of these (L15).
    synchronized Optional<Instant> awaited(MailId id, List<Integer> positions) {
        return doubts.awaited(id, positions);
    }

    /// Whether what an owner of this epoch says of these is about an attempt before the one that is in doubt.
    synchronized boolean isOvertaken(MailId id, List<Integer> positions, int epoch) {
        return doubts.isOvertaken(id, positions, epoch);
    }

    /// Their worker's time is over: now they are in doubt like any other.
    ///
    /// @return how many
    synchronized int overdue(MailId id, List<Integer> positions) {
        return doubts.overdue(id, positions);
    }

    /// Another worker's result has come: there is nothing to wait for.
    synchronized void beyondDoubt(MailId id, List<Integer> some) {
        for (int position : some) doubts.over(Identity.of(id, position));
    }

    synchronized boolean isFinal(MailId id, int position) {
        return recipients.isFinal(Identity.of(id, position));
    }

    /// What other workers wrote of this letter's recipients does not concern it any more (L16).
    synchronized List<Recipient> stillOpen(Letter letter) {
        return letter.recipients().stream()
                .filter(to -> !isFinal(letter.envelope().id(), to.position()))
                .toList();
    }

    /// A final result from another worker (L16).
    synchronized void finalElsewhere(MailId id, List<Integer> some, long outcome) {
        for (int position : some) recipients.finalised(Identity.of(id, position), outcome);
    }

    /// Final, and durably so: these count as done (LEDGER L7).
    synchronized void finalised(Letter letter, List<Recipient> some, long outcome) {
        for (var to : some) recipients.finalised(Identity.of(letter.envelope().id(), to.position()), outcome);
    }

    /// They wait, and durably so.
    synchronized void seated(Waiting state) {
        room.put(state);
        for (int position : state.positions()) recipients.settled(Identity.of(state.id(), position));
    }

    /// They wait on, with another state: nothing is known of their last attempt that was not known before (L15, L19).
    synchronized void revised(Waiting state) {
        room.put(state);
    }

    synchronized void left(RecordId record) {
        room.leave(record);
    }

    /// Nothing about this letter remains to be written.
    ///
    /// @return false when a former owner wrote about it meanwhile: then its state is to be written over
    synchronized boolean closed(Letter letter) {
        if (letter.source() instanceof Letter.Source.Arrived(var claim, var _)) release(claim);
        positions.closed(letter);
        return isFreed(letter.key());
    }

    /// It goes back to the waiting room as it came from there.
    ///
    /// @return as [#closed]
    synchronized boolean recalled(Letter letter, RecordId record, Instant due) {
        positions.closed(letter);
        return callAgain(record, due);
    }

    /// Its letter could not be made yet.
    ///
    /// @return as [#closed]
    synchronized boolean callAgain(RecordId record, Instant due) {
        room.callAgain(record, due);
        return isFreed(record);
    }

    private boolean isFreed(RecordId record) {
        busy.remove(record);
        return !overruled.remove(record);
    }

    /// A former owner wrote about this record after its time (L16).
    ///
    /// @return false when that must wait for the letter of this record to be done with
    synchronized boolean reserve(RecordId record) {
        if (busy.add(record)) return true;
        overruled.add(record);
        return false;
    }

    /// As [#reserve], for what only those who wait need: a letter looks for itself.
    synchronized boolean reserveSeat(RecordId record) {
        return room.has(record) && busy.add(record);
    }

    /// As [#reserveSeat], with the state. Empty: nobody is known to wait there, or it is being worked on.
    synchronized Optional<Waiting> takeSeat(RecordId record) {
        var state = room.get(record);
        return state.isPresent() && busy.add(record) ? state : Optional.empty();
    }

    synchronized WaitingRoom.Seat seat(RecordId record) {
        return room.seat(record);
    }

    /// Whether everybody who waits is known (L17).
    synchronized boolean isWhole() {
        return room.isWhole();
    }

    /// Everybody is known from now on, unless the partition is somebody else's by now.
    synchronized boolean complete(Index all) {
        if (closed) return false;
        room.complete(all);
        return true;
    }

    /// The partition is somebody else's.
    synchronized void close() {
        if (!closed) room.close();
        closed = true;
    }

    synchronized boolean isFinal(Identity who) {
        return recipients.isFinal(who);
    }

    /// A former owner wrote a state after its time (L16): until it is written over, the next owner must read it.
    synchronized void late(RecordId record, long offset) {
        positions.late(record, offset);
    }

    /// All that is known now is known to the index, too (L20).
    synchronized void mark(String topicId, int epoch, Instant now) {
        room.mark(new Mark(topicId, positions.waitingFrom(), epoch, now));
    }

    /// The time of somebody who waits for another worker's result has come early.
    synchronized void callSooner(RecordId record, Instant now) {
        if (!busy.contains(record)) room.callAgain(record, now);
    }

    /// Another worker was put off, before the record arrived here: it is attempted as it comes.
    synchronized void putOffElsewhere(MailId id, List<Integer> some) {
        for (int position : some) {
            var who = Identity.of(id, position);
            if (!recipients.isOpen(who) && !room.waits(who)) doubts.over(who);
        }
    }

    /// Its state is as it should be.
    ///
    /// @return as [#closed]
    synchronized boolean freed(RecordId record) {
        positions.written(record);
        return isFreed(record);
    }

    synchronized void release(Offsets.Claim claim) {
        offsets.release(claim);
    }

    synchronized List<Waiting> call(Instant now, int most) {
        var called = new ArrayList<Waiting>();
        for (var state : room.call(now, most)) {
            if (busy.add(state.record())) called.add(state);
            else room.callAgain(state.record(), now.plus(LATER));
        }
        return called;
    }

    /// A stretch of those who wait, see [WaitingRoom#after].
    synchronized List<Waiting> after(Optional<RecordId> last, int most) {
        return room.after(last, most);
    }

    /// Whether it has a letter on its way, or its state is being written.
    synchronized boolean isBusy(RecordId record) {
        return busy.contains(record);
    }

    /// Whether no state of this record names the body at this offset: it can be forgotten. A state that does not decode
    /// may name it, and somebody has to look.
    synchronized boolean isNameless(RecordId record, long bodyOffset) {
        boolean named = room.get(record)
                .filter(state -> state.bodyOffset() == bodyOffset)
                .isPresent();
        return !named && !room.mayBeUnreadable(record); // asked last: it knows whether the room still is whole
    }

    synchronized int waiting() {
        return room.size();
    }

    synchronized int openRecords() {
        return offsets.openCount();
    }

    /// What to commit: all of one moment, so a record is either open here or covered by the replay positions.
    synchronized Commit commit(int epoch) {
        long low = offsets.low();
        long outcomes = positions.outcomesFrom(low);
        if (!pastInherited && positions.isPast(low) && room.isWhole()) forgetTheUnknown();
        finished.forget(outcomes);
        var bookmark =
                new Bookmark(epoch, outcomes, finished.oldest(outcomes), positions.waitingFrom(), offsets.runs());
        return new Commit(low, bookmark);
    }

    // All input of the former owner's time is finished: whoever never came of it, and does not wait, never will.
    private void forgetTheUnknown() {
        pastInherited = true;
        doubts.keepOnly(who -> recipients.isOpen(who) || room.waits(who));
    }

    record Commit(long offset, Bookmark bookmark) {}
}
