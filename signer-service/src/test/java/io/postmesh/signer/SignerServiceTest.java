package io.postmesh.signer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postmesh.contract.BadRecord;
import io.postmesh.contract.Journey;
import io.postmesh.contract.LedgerCodec;
import io.postmesh.contract.MailRecord;
import io.postmesh.contract.RecordCodec;
import io.postmesh.contract.Slice;
import io.postmesh.contract.Topics;
import io.postmesh.runtime.kafka.KafkaSettings;
import io.postmesh.runtime.life.Platform;
import io.postmesh.runtime.life.ServiceRun;
import io.postmesh.runtime.ops.Health;
import io.postmesh.runtime.trace.Trace;
import io.postmesh.signer.dkim.OwnVerifier;
import io.postmesh.signer.keys.KeyFolder;
import io.postmesh.signer.keys.TestKeys;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SignerServiceTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_700_000_100);
    private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final OwnVerifier VERIFIER = new OwnVerifier(TestKeys.dns());

    private static final KafkaSettings KAFKA = RealKafka.settings();
    private static final SimpleMeterRegistry METERS = new SimpleMeterRegistry();
    private static final ServiceRun RUN = ServiceRun.named("test");
    private static final KafkaProducer<byte[], byte[]> PRODUCER = new KafkaProducer<>(KAFKA.producer("test"));
    private static final KafkaConsumer<byte[], byte[]> CONSUMER = new KafkaConsumer<>(KAFKA.consumer("test", ""));
    private static final Map<String, List<ConsumerRecord<byte[], byte[]>>> SEEN = new HashMap<>();

    @BeforeAll
    static void open() throws Exception {
        var partitions = new ArrayList<TopicPartition>();
        for (var topic : List.of(Topics.SIGNED, Topics.EVENTS, Topics.QUARANTINE))
            for (int p = 0; p < KAFKA.partitions(topic); p++) partitions.add(new TopicPartition(topic.topic(), p));
        CONSUMER.assign(partitions);
        var found = new KeyFolder.Found(TestKeys.ring(), Set.of(TestKeys.DOMAIN), List.of(), List.of());
        SignerService.open(RUN, new SignerConfig(Path.of("keys"), found), platform())
                .joined()
                .get(30, TimeUnit.SECONDS);
    }

    @SuppressWarnings("NullAway") // the signer uses neither Vert.x nor Redis nor blobs, and makes no topics
    private static Platform platform() {
        var clock = Clock.fixed(NOW, ZoneOffset.UTC);
        return new Platform(null, KAFKA, null, null, null, METERS, new Health(), Trace.untold(), clock);
    }

    @AfterAll
    static void close() {
        RUN.close();
        PRODUCER.close();
        CONSUMER.close();
    }

    @Test
    void clearedMailComesOutSignedInItsPartitionWithItsBytesUntouched() throws Exception {
        var mail = Mails.mail(
                "Received: from x\r\nFrom: ann@example.org\r\nSubject: \u00e9\r\n\r\n",
                "Hello  there \r\n",
                "example.org",
                "example.org",
                3);
        put(mail);
        var out = signed(mail);
        var signed = RecordCodec.decode(out.value());
        assertThat(out.partition()).isEqualTo(3);
        assertThat(out.key()).isNull();
        assertThat(signed.envelope()).isEqualTo(mail.envelope());
        assertThat(signed.body()).isEqualTo(mail.body());
        assertThat(tail(signed.headers(), mail.headers().length())).isEqualTo(mail.headers());
        assertThat(VERIFIER.verify(Mails.wire(signed)))
                .containsExactly(
                        "pass a=rsa-sha256 d=example.org s=mail", "pass a=ed25519-sha256 d=example.org s=mail-ed25519");
        assertThat(new String(Mails.wire(signed), US_ASCII)).contains(" t=1700000100;");
    }

    @Test
    void theTraceGoesOnInEveryRecord() throws Exception {
        var mail = Mails.from("example.org", "example.org");
        put(mail);
        for (var record : List.of(signed(mail), event(mail)))
            assertThat(new String(record.headers().lastHeader(Trace.HEADER).value(), US_ASCII))
                    .startsWith("00-4bf92f3577b34da6a3ce929d0e0e4736-");
    }

    @Test
    void theJourneySaysWhoSigned() throws Exception {
        var mail = Mails.from("example.org", "example.org");
        put(mail);
        var step = LedgerCodec.journey(event(mail).value());
        assertThat(step.stage()).isEqualTo(Journey.Stage.SIGNED);
        assertThat(step.at()).isEqualTo(NOW);
        assertThat(step.recipients()).containsExactly("bob@example.net");
        assertThat(step.detail())
                .isEqualTo("rsa-sha256 mail._domainkey.example.org,"
                        + " ed25519-sha256 mail-ed25519._domainkey.example.org");
        assertThat(METERS.counter("postmesh_dkim_signatures_total", "algorithm", "rsa_sha256", "result", "signed")
                        .count())
                .isPositive();
    }

    @Test
    void mailWithoutAKeyGoesOnUnsignedAndIsCounted() throws Exception {
        var counter = METERS.counter("postmesh_dkim_unsigned_total", "why", "no_key");
        double before = counter.count();
        var mail = Mails.from("keyless.test", "keyless.test");
        put(mail);
        assertThat(Mails.wire(RecordCodec.decode(signed(mail).value()))).isEqualTo(Mails.wire(mail));
        assertThat(LedgerCodec.journey(event(mail).value()).detail()).isEqualTo("unsigned: no key for keyless.test");
        assertThat(counter.count()).isEqualTo(before + 1);
    }

    @Test
    void whatIsNoClearedMailGoesToQuarantineAndTheNextMailGoesOn() throws Exception {
        var garbage = "garbage".getBytes(US_ASCII);
        var badHeaders = RecordCodec.encode(Mails.mail("no field\r\n\r\n", "", "example.org", "example.org", 0));
        PRODUCER.send(new ProducerRecord<>(Topics.CLEARED.topic(), 0, null, garbage));
        PRODUCER.send(new ProducerRecord<>(Topics.CLEARED.topic(), 0, null, badHeaders));
        var mail = Mails.mail("From: ann@example.org\r\n\r\n", "", "example.org", "example.org", 0);
        put(mail);
        assertThat(VERIFIER.verify(Mails.wire(RecordCodec.decode(signed(mail).value()))))
                .allMatch(v -> v.startsWith("pass"));
        find(Topics.QUARANTINE, new String(garbage, ISO_8859_1));
        find(Topics.QUARANTINE, new String(badHeaders, ISO_8859_1));
    }

    @Test
    void aThousandMailsAllComeOutOnceAndEachSignatureHolds() throws Exception {
        var mails = new ArrayList<MailRecord>();
        for (int i = 0; i < 1_000; i++)
            mails.add(Mails.mail(
                    "From: ann@example.org\r\nSubject: " + i + "\r\n\r\n",
                    "x\r\n".repeat(i % 50),
                    "example.org",
                    "example.org",
                    i % 4));
        for (var mail : mails) put(mail);
        for (var mail : mails) {
            var signed = RecordCodec.decode(signed(mail).value());
            assertThat(VERIFIER.verify(Mails.wire(signed))).hasSize(2).allMatch(v -> v.startsWith("pass"));
        }
        for (var mail : mails)
            assertThat(seen(Topics.SIGNED.topic() + " " + mail.envelope().id())).hasSize(1);
    }

    private static void put(MailRecord mail) {
        int partition = mail.envelope().clearance().orElseThrow().partition();
        var record =
                new ProducerRecord<byte[], byte[]>(Topics.CLEARED.topic(), partition, null, RecordCodec.encode(mail));
        record.headers().add(Trace.HEADER, PARENT.getBytes(US_ASCII));
        PRODUCER.send(record);
    }

    private static ConsumerRecord<byte[], byte[]> signed(MailRecord mail) {
        return find(Topics.SIGNED, mail.envelope().id().text());
    }

    private static ConsumerRecord<byte[], byte[]> event(MailRecord mail) {
        return find(Topics.EVENTS, mail.envelope().id().text());
    }

    /// Waits for the first record of that name.
    private static ConsumerRecord<byte[], byte[]> find(Topics topic, String name) {
        var key = topic.topic() + " " + name;
        return await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(1))
                .until(() -> seen(key), found -> !found.isEmpty())
                .getFirst();
    }

    private static List<ConsumerRecord<byte[], byte[]>> seen(String key) {
        if (!SEEN.containsKey(key))
            for (var record : CONSUMER.poll(Duration.ofMillis(50)))
                SEEN.computeIfAbsent(name(record), k -> new ArrayList<>()).add(record);
        return SEEN.getOrDefault(key, List.of());
    }

    private static String name(ConsumerRecord<byte[], byte[]> r) {
        try {
            var topic = r.topic() + " ";
            if (topic.startsWith(Topics.SIGNED.topic()))
                return topic + RecordCodec.decode(r.value()).envelope().id();
            if (topic.startsWith(Topics.EVENTS.topic()))
                return topic + LedgerCodec.journey(r.value()).id();
            return topic + new String(r.value(), ISO_8859_1);
        } catch (BadRecord e) {
            throw new AssertionError(e);
        }
    }

    private static Slice tail(Slice all, int length) {
        return new Slice(all.array(), all.offset() + all.length() - length, length);
    }
}
