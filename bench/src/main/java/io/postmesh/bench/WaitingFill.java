package io.postmesh.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.postmesh.contract.Clearance;
import io.postmesh.contract.Content;
import io.postmesh.contract.Envelope;
import io.postmesh.contract.LedgerCodec;
import io.postmesh.contract.MailRecord;
import io.postmesh.contract.Origin;
import io.postmesh.contract.Placement;
import io.postmesh.contract.Reason;
import io.postmesh.contract.Recipient;
import io.postmesh.contract.RecordCodec;
import io.postmesh.contract.RecordId;
import io.postmesh.contract.Route;
import io.postmesh.contract.Slice;
import io.postmesh.contract.Topics;
import io.postmesh.contract.Waiting;
import io.postmesh.mail.MailAddress;
import io.postmesh.mail.MailId;
import io.postmesh.mail.ReversePath;
import io.postmesh.mail.SmtpReply;
import io.postmesh.runtime.kafka.KafkaSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/// Waiting mail as delivery writes it: a body in `mail.waiting.bodies`, then the state that names its offset.
final class WaitingFill {
    private static final int BATCH = 64 << 10; // as several deferrals at once leave it
    private static final int DESTINATIONS = 200;

    private final KafkaSettings kafka;
    private final int partitions;
    private final byte[] body;
    private final Random random = new Random(4);

    /// @param size octets of a mail as it is stored
    WaitingFill(KafkaSettings kafka, int partitions, int size) {
        this.kafka = kafka;
        this.partitions = partitions;
        this.body = new byte[size - 600]; // header fields and envelope
        for (int i = 0; i < body.length; i++) body[i] = (byte) (i % 72 == 70 ? '\r' : i % 72 == 71 ? '\n' : 'x');
        body[body.length - 2] = '\r';
        body[body.length - 1] = '\n';
    }

    /// @param from   the first is due then
    /// @param within and the last so much later, in no order
    void fill(int mails, Instant from, Duration within) {
        var failed = new AtomicReference<@Nullable Exception>();
        // Two producers: one that is full must not keep the other's thread, which tells of what was written.
        try (var states = producer();
                var bodies = producer()) {
            for (int i = 0; i < mails; i++) {
                var record = mail(i);
                var due = from.plusMillis(random.nextLong(Math.max(1, within.toMillis())));
                int partition = i % partitions;
                bodies.send(record(Topics.WAITING_BODIES, partition, key(record) + "/0", record), (at, problem) -> {
                    if (problem != null) failed.set(problem);
                    else states.send(record(Topics.WAITING, partition, key(record), state(record, due, at.offset())));
                });
            }
            bodies.flush();
            states.flush();
        }
        if (failed.get() != null) throw new IllegalStateException("the topics cannot be filled", failed.get());
    }

    /// A mail that was just accepted, to a destination nobody waits for.
    void arrives(String recipient) {
        try (var producer = producer()) {
            var fresh = envelope(0, Instant.now(), recipient, "fresh.test");
            producer.send(new ProducerRecord<>(Topics.SIGNED.topic(), 0, null, RecordCodec.encode(mail(fresh))));
            producer.flush();
        }
    }

    private KafkaProducer<byte[], byte[]> producer() {
        var properties = kafka.producer("waiting-fill");
        properties.put("linger.ms", 5);
        properties.put("batch.size", BATCH);
        return new KafkaProducer<>(properties);
    }

    private static ProducerRecord<byte[], byte[]> record(Topics topic, int partition, String key, MailRecord mail) {
        return record(topic, partition, key, RecordCodec.encode(mail));
    }

    private static ProducerRecord<byte[], byte[]> record(Topics topic, int partition, String key, byte[] value) {
        return new ProducerRecord<>(topic.topic(), partition, key.getBytes(UTF_8), value);
    }

    private MailRecord mail(int number) {
        var destination = "d" + random.nextInt(DESTINATIONS) + ".test";
        var accepted = Instant.now().minus(Duration.ofMinutes(30));
        return mail(envelope(number % partitions, accepted, "user" + number + "@" + destination, destination));
    }

    private MailRecord mail(Envelope envelope) {
        var headers = ("From: <ann@sender.test>\r\nTo: <"
                        + envelope.recipients().getFirst().address().text()
                        + ">\r\nSubject: what waits\r\nMessage-ID: <" + envelope.id() + "@sender.test>\r\n\r\n")
                .getBytes(US_ASCII);
        return new MailRecord(envelope, Slice.of(headers), Slice.of(body));
    }

    private Envelope envelope(int partition, Instant accepted, String recipient, String destination) {
        var id = MailId.of(accepted.toEpochMilli(), random.nextLong(), random.nextLong());
        var stored = new Content.BodyRef(Content.BodyRef.Encoding.IDENTITY, Optional.empty(), body.length);
        return new Envelope(
                id,
                accepted,
                new Placement(1, partitions, java.util.Set.of()),
                ReversePath.of(MailAddress.parse("ann@sender.test").orElseThrow()),
                List.of(new Recipient(0, MailAddress.parse(recipient).orElseThrow())),
                new Origin.Client("127.0.0.1", "client.test", true),
                new Content(body.length + 300, new byte[32], stored, false, false, Optional.empty(), "<" + id + ">"),
                Optional.of(new Clearance(
                        Route.MX,
                        destination,
                        partition,
                        "bench",
                        1,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty())));
    }

    private static String key(MailRecord mail) {
        return RecordId.of(mail.envelope().id(), new int[] {0}).text();
    }

    private static byte[] state(MailRecord mail, Instant due, long bodyOffset) {
        return LedgerCodec.encode(new Waiting(
                new RecordId(key(mail)),
                mail.envelope().id(),
                List.of(0),
                Optional.of(due),
                1,
                Optional.of(new SmtpReply(
                        451, Optional.empty(), List.of("4.7.1 Greylisted, please try again in 300 seconds"))),
                Reason.GREYLISTED,
                bodyOffset,
                mail.envelope().clearance().orElseThrow().destination(),
                "sender.test",
                mail.envelope().acceptedAt()));
    }
}
