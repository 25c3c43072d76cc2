package io.postmesh.delivery.owner;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postmesh.contract.BadRecord;
import io.postmesh.contract.LedgerCodec;
import io.postmesh.contract.RecordId;
import io.postmesh.delivery.waiting.Change;
import io.postmesh.delivery.waiting.Index;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads states of `mail.waiting` into an index, in the order of the partition.
///
/// An owner is believed until a later one has written here: what comes of it afterwards was written after its time, is
/// not believed, and is to be written over (LEDGER L16). Each owner hears the same way what was written after it came
/// ([Tail]), so all of them agree.
final class StateReader {
    private static final Logger log = LoggerFactory.getLogger(StateReader.class);
    private static final int TOGETHER = 1_000;

    private final Index index;
    private final Set<RecordId> overruled = new HashSet<>();
    private final Map<RecordId, Change> pending = new LinkedHashMap<>();
    private int newest;
    private @Nullable Instant first;

    /// @param epoch of the owner whose index this is; 0: of nobody
    StateReader(Index index, int epoch) {
        this.index = index;
        this.newest = epoch;
    }

    void take(ConsumerRecord<byte[], byte[]> record) {
        if (first == null) first = Instant.ofEpochMilli(record.timestamp());
        if (record.key() == null) return; // none of ours: a compacted topic has no place for it
        var key = new RecordId(new String(record.key(), UTF_8));
        if (isLate(key, record)) return;
        pending.remove(key); // the last one of a key stands where it was written
        pending.put(key, change(record));
        if (pending.size() >= TOGETHER) flush();
    }

    /// Afterwards all that was taken is in the index.
    void flush() {
        index.apply(pending);
        pending.clear();
    }

    private boolean isLate(RecordId key, ConsumerRecord<byte[], byte[]> record) {
        var epoch = Epochs.of(record.headers());
        if (epoch.isEmpty()) return false;
        boolean late = epoch.getAsInt() < newest;
        newest = Math.max(newest, epoch.getAsInt());
        if (late) overruled.add(key);
        else overruled.remove(key);
        return late;
    }

    private static Change change(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) return new Change.Left();
        try {
            return new Change.Waits(LedgerCodec.waiting(record.value()));
        } catch (BadRecord e) {
            log.error("{}-{}@{}: {}", record.topic(), record.partition(), record.offset(), e.getMessage());
            return new Change.Unreadable();
        }
    }

    /// Epoch of all that was read.
    int newest() {
        return newest;
    }

    /// Records whose last state is a former owner's that came late.
    Set<RecordId> overruled() {
        return overruled;
    }

    /// When the first record was written.
    Optional<Instant> first() {
        return Optional.ofNullable(first);
    }
}
