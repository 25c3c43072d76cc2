package io.postmesh.delivery.owner;

import io.postmesh.contract.BadRecord;
import io.postmesh.contract.LedgerCodec;
import io.postmesh.contract.Reason;
import io.postmesh.contract.Topics;
import io.postmesh.contract.Waiting;
import io.postmesh.delivery.waiting.Change;
import io.postmesh.delivery.waiting.HeapIndex;
import io.postmesh.delivery.waiting.Identity;
import io.postmesh.delivery.waiting.Index;
import io.postmesh.delivery.waiting.IndexFailed;
import io.postmesh.delivery.waiting.Indexes;
import io.postmesh.delivery.waiting.Mark;
import io.postmesh.delivery.waiting.WaitingRoom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads what a former owner left behind, before the first attempt (LEDGER L17, L18).
///
/// A recipient that comes again while it waits must be known, however long it has been waiting. With an index on the
/// disk that is nearly up to date, everybody is known at once. Else those who came lately are read first, and for the
/// others an index is built while new mail is attempted already ([Gathering]).
final class TakeOver {
    private static final Logger log = LoggerFactory.getLogger(TakeOver.class);

    /// Offsets of `mail.waiting` that are read before the first attempt: a second or two at most.
    private static final long LATELY = 50_000;

    private final int partition;
    private final TopicScan scan;
    private final Indexes indexes;
    private final Indexes.Rule rule;
    private final WaitingRoom.Care care;
    private final FinishedMemory finished = new FinishedMemory();
    private final Doubts doubts = new Doubts();
    private int newest; // epoch of all that was read

    TakeOver(int partition, TopicScan scan, Indexes indexes, Indexes.Rule rule, WaitingRoom.Care care) {
        this.partition = partition;
        this.scan = scan;
        this.indexes = indexes;
        this.rule = rule;
        this.care = care;
    }

    /// Whose states were read, and how far.
    private record Read(WaitingRoom room, Optional<Indexes.Found> rest, Index index, StateReader states, long end) {}

    /// @param low      the committed offset, or where the partition begins
    /// @param bookmark of the former owner; without one everything is read
    /// @param epoch    of this owner, unless a higher one has been here
    /// @param keeper   says whether this owner may write states yet (L13)
    Inheritance run(long low, Optional<Bookmark> bookmark, int epoch, LedgerLog out, Ledger.Keeper keeper)
            throws InterruptedException, LeaseLost {
        long replayFrom = bookmark.map(Bookmark::outcomesFrom).orElse(0L);
        long readFrom = bookmark.map(Bookmark::readFrom).orElse(0L);
        long inputEnd = scan.end(Topics.SIGNED, partition);
        long outcomesEnd = scan.read(
                Topics.OUTCOMES, partition, readFrom, record -> outcome(record, record.offset() >= replayFrom));
        finished.forget(replayFrom);
        var base = indexes.find(partition, rule);
        boolean taken = false;
        try {
            var read = states(base, bookmark);
            newest = Math.max(newest, read.states().newest());
            // A group that was forgotten counts from 1 again, and its last owner must be believed all the same.
            int mine = Math.max(epoch, newest + 1);
            var positions = new ReplayPositions(replayFrom, inputEnd, outcomesEnd, read.end());
            subtract(read.index(), new Ledger(out, partition, mine, positions, keeper));
            doubts.without(read.room()::stateOf);
            taken = true;
            return new Inheritance(
                    mine,
                    new Tracker(low, bookmark.map(Bookmark::runs).orElse(Runs.NONE)),
                    finished,
                    positions,
                    rule.topicId(),
                    read.room(),
                    read.rest(),
                    inputEnd,
                    doubts.besides(finished),
                    outcomesEnd,
                    read.end(),
                    read.states().overruled());
        } catch (IndexFailed e) {
            taken = true;
            care.lost(base.index());
            throw e;
        } finally {
            if (!taken) indexes.close(base.index());
        }
    }

    // What the former owner may have done for mail that comes again lies from the bookmark on, whatever else is read.
    private Read states(Indexes.Found base, Optional<Bookmark> bookmark) {
        long end = scan.end(Topics.WAITING, partition);
        long lately = Math.max(
                0, Math.min(end - LATELY, bookmark.map(Bookmark::waitingFrom).orElse(0L)));
        long from = base.mark().map(Mark::position).orElse(scan.begin(Topics.WAITING, partition));
        if (from > end) return states(indexes.instead(partition, base), bookmark); // it lost its end
        if (from >= lately || bookmark.isEmpty()) {
            var states =
                    new StateReader(base.index(), base.mark().map(Mark::epoch).orElse(0));
            long read = read(states, from);
            return new Read(WaitingRoom.whole(base.index(), care), Optional.empty(), base.index(), states, read);
        }
        var some = new HeapIndex();
        var states = new StateReader(some, 0);
        long read = read(states, lately);
        var room = WaitingRoom.unfinished(some, states.first().orElse(Instant.MAX), care);
        return new Read(room, Optional.of(base), some, states, read);
    }

    private long read(StateReader states, long from) {
        long end = scan.read(Topics.WAITING, partition, from, states::take);
        states.flush();
        return end;
    }

    private void outcome(ConsumerRecord<byte[], byte[]> record, boolean replayed) {
        try {
            var outcome = LedgerCodec.outcome(record.value());
            newest = Math.max(newest, Epochs.of(record.headers()).orElse(0));
            // Policy refuses recipients that never come here, in a transaction that may yet be aborted.
            if (outcome.reason() == Reason.POLICY) return;
            if (Lines.isTheLast(outcome)) {
                for (int position : outcome.positions()) {
                    finished.add(Identity.of(outcome.id(), position), record.offset());
                }
            }
            if (replayed) doubts.read(outcome, Epochs.of(record.headers()).orElse(0), record.offset());
        } catch (BadRecord e) {
            log.error("{}-{}@{}: {}", record.topic(), partition, record.offset(), e.getMessage());
        }
    }

    // A result whose state or tombstone was never written: written now, before anything else is, so that nobody has to
    // find that result again.
    private void subtract(Index index, Ledger ledger) throws InterruptedException, LeaseLost {
        for (var record : index.recordsOf(finished::contains)) {
            var state = index.get(record);
            if (state.isPresent()) index.apply(Map.of(record, rest(state.get(), ledger)));
        }
    }

    private Change rest(Waiting state, Ledger ledger) throws InterruptedException, LeaseLost {
        var open = new ArrayList<>(state.positions());
        open.removeIf(position -> finished.contains(Identity.of(state.id(), position)));
        if (open.isEmpty()) {
            ledger.forget(state.record());
            return new Change.Left();
        }
        var rest = Lines.state(state, open);
        ledger.write(rest);
        return new Change.Waits(rest);
    }
}
