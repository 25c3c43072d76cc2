package io.postmesh.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postmesh.audit.census.Census;
import io.postmesh.audit.census.LastStates;
import io.postmesh.audit.census.Place;
import io.postmesh.audit.census.TooMany;
import io.postmesh.contract.BadRecord;
import io.postmesh.contract.Envelope;
import io.postmesh.contract.LedgerCodec;
import io.postmesh.contract.Reader;
import io.postmesh.contract.RecordCodec;
import io.postmesh.contract.RecordId;
import io.postmesh.contract.Topics;
import io.postmesh.contract.Traits;
import io.postmesh.contract.Waiting;
import io.postmesh.runtime.control.Register;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/// Looks for everybody, once or again. What was read the first time is not read again where it can only grow.
final class Look {
    /// Brokers' clocks differ: nothing that concerns the window stands further before it.
    private static final Duration SKEW = Duration.ofMinutes(1);

    private final Shelves shelves;
    private final Census census;
    private final Instant from;
    private final Instant now;
    private final Map<Topics, Map<TopicPartition, Long>> readTo = new HashMap<>();
    private boolean isFirst = true;
    private long unreadable;
    private long illegible;

    Look(Shelves shelves, Census census, Instant from, Instant now) {
        this.shelves = shelves;
        this.census = census;
        this.from = from;
        this.now = now;
    }

    /// Records of `mail.accepted` that are no mail.
    long unreadable() {
        return unreadable;
    }

    /// Records of `mail.quarantine` that are no mail.
    long illegible() {
        return illegible;
    }

    void look() throws IOException, TooMany {
        var at = Positions.take(shelves);
        if (isFirst) accepted(at);
        isFirst = false;
        input(at, Reader.SIGNER, Place.TO_SIGN);
        input(at, Reader.DELIVERY, Place.TO_DELIVER);
        grown(at, Topics.QUARANTINE, this::quarantined);
        var orders = orders(at);
        for (var where : at.ends(Topics.WAITING).entrySet()) waiting(orders, where.getKey(), where.getValue());
        grown(at, Topics.OUTCOMES, this::outcome);
    }

    private void accepted(Positions at) throws IOException, TooMany {
        shelves.read(shelves.since(Topics.ACCEPTED, from), at.ends(Topics.ACCEPTED), (where, record) -> {
            var mail = envelope(record);
            if (mail.isEmpty()) {
                unreadable++;
                return;
            }
            census.accepted(mail.get());
            if (at.isOpen(Reader.POLICY, where, record.offset())) census.found(mail.get(), Place.TO_JUDGE);
        });
    }

    // Only what its stage has not committed proves anything: the rest must be further down.
    private void input(Positions at, Reader reader, Place place) throws IOException {
        var ends = at.ends(reader.topic());
        var starts = new HashMap<TopicPartition, Long>();
        ends.keySet().forEach(where -> starts.put(where, at.done(reader).getOrDefault(where, 0L)));
        shelves.read(starts, ends, (_, record) -> envelope(record).ifPresent(mail -> census.found(mail, place)));
    }

    private void grown(Positions at, Topics topic, Shelves.Each<RuntimeException> each) throws IOException {
        // A partition that was added since the first look is read like any at a first look (LEDGER L5).
        var starts = new HashMap<>(shelves.since(topic, from.minus(SKEW)));
        starts.putAll(readTo.getOrDefault(topic, Map.of()));
        shelves.read(starts, at.ends(topic), each);
        readTo.put(topic, at.ends(topic));
    }

    // Policy's discards carry the mail id as their key, its rule before the colon; all others are records that no stage
    // could handle.
    private void quarantined(TopicPartition where, ConsumerRecord<byte[], byte[]> record) {
        var mail = envelope(record);
        if (mail.isEmpty()) {
            illegible++;
            return;
        }
        boolean byRule = record.key() != null
                && header(record, "stage").equals(Reader.POLICY.group())
                && new String(record.key(), UTF_8).equals(mail.get().id().text());
        if (byRule) census.discarded(mail.get(), header(record, "reason").split(":", 2)[0]);
        else census.found(mail.get(), Place.QUARANTINED);
    }

    // A thousand at most (LEDGER L25).
    private Register orders(Positions at) throws IOException {
        var orders = new Register();
        var ends = at.ends(Topics.CONTROL);
        var starts = new HashMap<TopicPartition, Long>();
        ends.keySet().forEach(where -> starts.put(where, 0L));
        shelves.read(starts, ends, (_, record) -> orders.take(record));
        return orders;
    }

    // Twice: which state of a record is its last is known only at the end, and all states do not fit into memory.
    private void waiting(Register orders, TopicPartition where, long end) throws IOException {
        var last = new LastStates();
        var all = Map.of(where, end);
        var begin = Map.of(where, 0L);
        shelves.read(begin, all, (_, record) -> remember(record, last));
        if (last.isEmpty()) return;
        shelves.read(begin, all, (_, record) -> {
            if (record.key() == null || record.value() == null || !last.isLast(key(record), record.offset())) return;
            state(record).ifPresent(state -> census.waits(state, orders.suspends(Traits.of(state), now)));
        });
    }

    private void remember(ConsumerRecord<byte[], byte[]> record, LastStates last) {
        if (record.key() == null) return;
        if (record.value() == null) {
            last.gone(key(record));
            return;
        }
        state(record)
                .filter(state -> census.knows(state.id(), state.positions()))
                .ifPresent(_ -> last.state(key(record), record.offset()));
    }

    private void outcome(TopicPartition where, ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) return;
        try {
            census.outcome(LedgerCodec.outcome(record.value()), epoch(record));
        } catch (BadRecord notOurs) {
            illegible++;
        }
    }

    private static int epoch(ConsumerRecord<byte[], byte[]> record) {
        try {
            return Integer.parseInt(header(record, "epoch"));
        } catch (NumberFormatException none) {
            return 0; // policy's refusals have none
        }
    }

    private static Optional<Envelope> envelope(ConsumerRecord<byte[], byte[]> record) {
        try {
            return record.value() == null
                    ? Optional.empty()
                    : Optional.of(RecordCodec.decode(record.value()).envelope());
        } catch (BadRecord none) {
            return Optional.empty();
        }
    }

    private static Optional<Waiting> state(ConsumerRecord<byte[], byte[]> record) {
        try {
            return Optional.of(LedgerCodec.waiting(record.value()));
        } catch (BadRecord none) {
            return Optional.empty();
        }
    }

    private static RecordId key(ConsumerRecord<byte[], byte[]> record) {
        return new RecordId(new String(record.key(), UTF_8));
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        var header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? "" : new String(header.value(), UTF_8);
    }
}
