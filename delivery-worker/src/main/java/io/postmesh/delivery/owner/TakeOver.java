package io.postmesh.delivery.owner;

import io.postmesh.contract.BadRecord;
import io.postmesh.contract.LedgerCodec;
import io.postmesh.contract.Reason;
import io.postmesh.contract.RecordId;
import io.postmesh.contract.Topics;
import io.postmesh.contract.Waiting;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads what a former owner left behind, before the first attempt (LEDGER L17, L18).
///
/// The whole of `mail.waiting` is read, not only its end: a recipient that comes again while it waits must be known,
/// however long it has been waiting. That is 1 kB a record at most.
final class TakeOver {
    private static final Logger log = LoggerFactory.getLogger(TakeOver.class);

    private final int partition;
    private final TopicScan scan;
    private final FinishedMemory finished = new FinishedMemory();
    private final Map<RecordId, Waiting> waiting = new HashMap<>();
    private final Set<RecordId> unreadable = new HashSet<>();
    private final Map<RecordId, Integer> writers = new HashMap<>(); // whose last state is believed
    private final Set<RecordId> overruled = new HashSet<>();
    private final Doubts doubts = new Doubts();
    private int newest; // epoch of all that was read

    TakeOver(int partition, TopicScan scan) {
        this.partition = partition;
        this.scan = scan;
    }

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
        long waitingEnd = scan.read(Topics.WAITING, partition, 0, this::state);
        var positions = new ReplayPositions(replayFrom, inputEnd, outcomesEnd, waitingEnd);
        // A group that was forgotten counts from 1 again, and its last owner must be believed all the same.
        int mine = Math.max(epoch, newest + 1);
        subtract(new Ledger(out, partition, mine, positions, keeper));
        var runs = bookmark.map(Bookmark::runs).orElse(Runs.NONE);
        doubts.without(waiting.values());
        return new Inheritance(
                mine,
                new Tracker(low, runs),
                finished,
                positions,
                List.copyOf(waiting.values()),
                Set.copyOf(unreadable),
                inputEnd,
                doubts.besides(finished),
                outcomesEnd,
                waitingEnd,
                List.copyOf(overruled));
    }

    private void outcome(ConsumerRecord<byte[], byte[]> record, boolean replayed) {
        try {
            var outcome = LedgerCodec.outcome(record.value());
            newest = Math.max(newest, Epochs.of(record.headers()).orElse(0));
            // Policy refuses recipients that never come here, in a transaction that may yet be aborted.
            if (outcome.reason() == Reason.POLICY) return;
            if (outcome.kind().isFinal()) {
                for (int position : outcome.positions()) {
                    finished.add(Identity.of(outcome.id(), position), record.offset());
                }
            }
            if (replayed) doubts.read(outcome, Epochs.of(record.headers()).orElse(0), record.offset());
        } catch (BadRecord e) {
            log.error("{}-{}@{}: {}", record.topic(), partition, record.offset(), e.getMessage());
        }
    }

    private void state(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null) return; // none of ours: a compacted topic has no place for it
        var key = new RecordId(new String(record.key(), StandardCharsets.UTF_8));
        if (isLate(key, record)) return;
        waiting.remove(key);
        unreadable.remove(key);
        if (record.value() == null) return;
        try {
            waiting.put(key, LedgerCodec.waiting(record.value()));
        } catch (BadRecord e) {
            unreadable.add(key);
            log.error("{}-{}@{}: {}", record.topic(), partition, record.offset(), e.getMessage());
        }
    }

    // An owner before the last one was slow and wrote after its time: not believed, and written over (L16).
    private boolean isLate(RecordId key, ConsumerRecord<byte[], byte[]> record) {
        var epoch = Epochs.of(record.headers());
        if (epoch.isEmpty()) return false;
        newest = Math.max(newest, epoch.getAsInt());
        boolean late = epoch.getAsInt() < writers.getOrDefault(key, 0);
        if (late) {
            overruled.add(key);
        } else {
            writers.put(key, epoch.getAsInt());
            overruled.remove(key);
        }
        return late;
    }

    // A result whose state or tombstone was never written: written now, before anything else is, so that nobody has to
    // find that result again.
    private void subtract(Ledger ledger) throws InterruptedException, LeaseLost {
        for (var state : List.copyOf(waiting.values())) {
            var open = new ArrayList<>(state.positions());
            open.removeIf(position -> finished.contains(Identity.of(state.id(), position)));
            if (open.size() == state.positions().size()) continue;
            if (open.isEmpty()) {
                ledger.forget(state.record());
                waiting.remove(state.record());
            } else {
                var rest = Lines.state(state, open);
                ledger.write(rest);
                waiting.put(state.record(), rest);
            }
        }
    }
}
