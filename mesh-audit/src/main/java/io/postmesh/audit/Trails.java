package io.postmesh.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postmesh.contract.BadRecord;
import io.postmesh.contract.Envelope;
import io.postmesh.contract.Journey;
import io.postmesh.contract.LedgerCodec;
import io.postmesh.contract.MailRecord;
import io.postmesh.contract.Outcome;
import io.postmesh.contract.Recipient;
import io.postmesh.contract.RecordCodec;
import io.postmesh.contract.Topics;
import io.postmesh.mail.MailId;
import io.postmesh.runtime.kafka.KafkaSettings;
import io.postmesh.runtime.trace.Parent;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// Looks one mail up, in Kafka alone: from the moment its id was made, everything written since is read. What is
/// trimmed (LEDGER L21) or forgotten by time is not found any more.
public final class Trails {
    /// Brokers' clocks differ.
    private static final Duration SKEW = Duration.ofMinutes(1);

    private final KafkaSettings kafka;

    public Trails(KafkaSettings kafka) {
        this.kafka = kafka;
    }

    /// @throws IOException when Kafka does not answer
    public Trail of(MailId id) throws IOException {
        var journey = new ArrayList<Journey>();
        var outcomes = new ArrayList<Outcome>();
        var quarantined = new ArrayList<String>();
        var traces = new ArrayList<Parent>();
        try (var shelves = Shelves.open(kafka)) {
            read(shelves, Topics.EVENTS, id, record -> {
                var step = LedgerCodec.journey(record.value());
                if (!step.id().equals(id)) return;
                journey.add(step);
                Parent.of(record.headers()).ifPresent(traces::add);
            });
            read(shelves, Topics.QUARANTINE, id, record -> {
                if (RecordCodec.decode(record.value()).envelope().id().equals(id)) quarantined.add(reason(record));
            });
            read(shelves, Topics.OUTCOMES, id, record -> {
                var line = LedgerCodec.outcome(record.value());
                if (!line.id().equals(id)) return;
                outcomes.add(line);
                Parent.of(record.headers()).ifPresent(traces::add);
            });
        }
        return new Trail(id, traces.stream().findFirst(), journey, outcomes, quarantined);
    }

    /// Its recipients by position, from its trail, and where that does not name them all, from the mail itself if it is
    /// kept still.
    ///
    /// @throws IOException when Kafka does not answer
    public Map<Integer, String> addresses(Trail trail) throws IOException {
        var addresses = new TreeMap<Integer, String>();
        for (var line : trail.outcomes()) {
            for (int i = 0;
                    i < Math.min(line.positions().size(), line.recipients().size());
                    i++)
                addresses.put(line.positions().get(i), line.recipients().get(i));
        }
        var all = trail.journey().stream()
                .mapToInt(step -> step.recipients().size())
                .max()
                .orElse(Integer.MAX_VALUE);
        if (addresses.size() >= all) return addresses;
        accepted(trail.id())
                .ifPresent(mail -> mail.envelope()
                        .recipients()
                        .forEach(to -> addresses.put(to.position(), to.address().text())));
        return addresses;
    }

    /// The mail as it was accepted, if it is kept still.
    ///
    /// @throws IOException when Kafka does not answer
    public Optional<MailRecord> accepted(MailId id) throws IOException {
        return accepted(id, Set.of(id)).stream().findFirst();
    }

    /// Mail that was accepted and is kept still: one and its repeats, in one pass.
    ///
    /// @param since the first of them
    /// @throws IOException when Kafka does not answer
    public List<MailRecord> accepted(MailId since, Set<MailId> ids) throws IOException {
        var found = new ArrayList<MailRecord>();
        try (var shelves = Shelves.open(kafka)) {
            read(shelves, Topics.ACCEPTED, since, record -> {
                var mail = RecordCodec.decode(record.value());
                if (ids.contains(mail.envelope().id())) found.add(mail);
            });
        }
        return found;
    }

    /// The mail as it lies in quarantine, to all recipients of its records there. What no stage could handle has the
    /// header section of that stage: behind the signer, with its signatures.
    ///
    /// @throws IOException when Kafka does not answer
    public Optional<MailRecord> quarantined(MailId id) throws IOException {
        var found = new ArrayList<MailRecord>();
        try (var shelves = Shelves.open(kafka)) {
            read(shelves, Topics.QUARANTINE, id, record -> {
                var mail = RecordCodec.decode(record.value());
                if (mail.envelope().id().equals(id)) found.add(mail);
            });
        }
        return found.stream().reduce(Trails::together);
    }

    // Records of one mail differ in their recipients, and by a second in their signatures.
    private static MailRecord together(MailRecord one, MailRecord other) {
        var everybody = new TreeMap<Integer, Recipient>();
        for (var mail : List.of(other, one))
            mail.envelope().recipients().forEach(to -> everybody.put(to.position(), to));
        var of = one.envelope();
        var envelope = new Envelope(
                of.id(),
                of.acceptedAt(),
                of.placement(),
                of.sender(),
                List.copyOf(everybody.values()),
                of.origin(),
                of.content(),
                of.clearance());
        return new MailRecord(envelope, one.headers(), one.body());
    }

    private interface Each {
        void take(ConsumerRecord<byte[], byte[]> record) throws BadRecord;
    }

    private static void read(Shelves shelves, Topics topic, MailId id, Each each) throws IOException {
        var since = Instant.ofEpochMilli(id.millis()).minus(SKEW);
        shelves.read(shelves.since(topic, since), shelves.ends(topic), (_, record) -> {
            try {
                if (record.value() != null) each.take(record);
            } catch (BadRecord none) {
                return; // no record of ours, and not the one that is looked for
            }
        });
    }

    private static String reason(ConsumerRecord<byte[], byte[]> record) {
        var header = record.headers().lastHeader("reason");
        return header == null || header.value() == null ? "" : new String(header.value(), UTF_8);
    }
}
