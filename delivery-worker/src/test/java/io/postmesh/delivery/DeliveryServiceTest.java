package io.postmesh.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postmesh.contract.Outcome.Kind;
import io.postmesh.contract.Reason;
import io.postmesh.contract.Topics;
import io.postmesh.lab.sink.Received;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;
import java.util.zip.CRC32C;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Delivery as a whole, and its ledger (LEDGER L6 to L12, L17, L18).
class DeliveryServiceTest {
    private static PostOffice office;

    @BeforeAll
    static void open() throws Exception {
        office = new PostOffice(Map.of());
    }

    @AfterAll
    static void close() {
        office.close();
    }

    @Test
    void aSignedMailIsDeliveredOnceAndItsLedgerSaysByWhomAndWhen() throws Exception {
        var mail = office.mail("bob@one.test").send();
        soon().until(() -> office.kinds(mail).contains(Kind.DELIVERED));
        assertThat(office.outcomes(mail)).extracting(o -> o.kind()).containsExactly(Kind.ATTEMPTED, Kind.DELIVERED);
        var delivered = office.outcomes(mail).getLast();
        assertThat(delivered.reply().orElseThrow().code()).isEqualTo(250);
        assertThat(delivered.heard().remote()).startsWith("the-sink[127.0.0.1]:");
        assertThat(delivered.by().attempt()).isEqualTo(1);
        assertThat(office.sink().inbox().to("bob@one.test")).hasSize(1);
    }

    @Test
    void theSameMailComingASecondTimeIsDroppedAndCounted() throws Exception {
        var mail = office.mail("twice@two.test").send();
        soon().until(() -> office.kinds(mail).contains(Kind.DELIVERED));
        mail.send();
        soon().until(() -> office.kinds(mail).contains(Kind.DROPPED_DUPLICATE));
        assertThat(office.sink().inbox().to("twice@two.test")).hasSize(1);
    }

    @Test
    void theSameMailTwiceInARowIsDeliveredOnce() throws Exception {
        var mail = office.mail("row@three.test").send();
        mail.send();
        soon().until(() -> office.kinds(mail).size() >= 2);
        assertThat(office.kinds(mail)).containsExactlyInAnyOrder(Kind.DELIVERED, Kind.DROPPED_DUPLICATE);
        assertThat(office.sink().inbox().to("row@three.test")).hasSize(1);
    }

    @Test
    void whatIsPutOffWaitsInTheRoomAndLeavesItWithATombstone() throws Exception {
        var mail = office.mail("greylist+a@four.test").send();
        soon().until(() -> office.kinds(mail).contains(Kind.DELIVERED));
        assertThat(office.kinds(mail)).containsExactly(Kind.DEFERRED, Kind.DELIVERED);
        assertThat(office.outcomes(mail).getLast().by().attempt()).isEqualTo(2);
        var deferred = office.outcomes(mail).stream()
                .filter(o -> o.kind() == Kind.DEFERRED)
                .findFirst()
                .orElseThrow();
        var key = deferred.record().text();
        soon().until(() -> office.records(Topics.WAITING).stream()
                .anyMatch(r -> key.equals(new String(r.key(), UTF_8)) && r.value() == null));
    }

    @Test
    void aRefusedMailFailsAndTheBouncerReportsItOnce() throws Exception {
        var mail = office.mail("reject@five.test").send();
        soon().until(() -> office.reports(mail).size() == 1);
        assertThat(office.kinds(mail)).containsExactly(Kind.FAILED);
        var report = office.reports(mail).getFirst();
        assertThat(report.envelope().sender().text()).isEmpty();
        assertThat(report.envelope().recipients().getFirst().address().text()).isEqualTo("ann@sender.test");
    }

    @Test
    void mailFromNobodyFailsInSilence() throws Exception {
        var mail = office.mail("reject@six.test").from("").send();
        var after = office.mail("reject@six.test").send();
        soon().until(() -> office.reports(after).size() == 1);
        assertThat(office.kinds(mail)).containsExactly(Kind.FAILED);
        assertThat(office.reports(mail)).isEmpty();
    }

    @Test
    void eachRecipientEndsItsOwnWay() throws Exception {
        var mail = office.mail("ok@seven.test", "greylist+b@seven.test", "reject@seven.test")
                .send();
        soon().until(() -> office.kinds(mail).size() == 4);
        assertThat(office.kinds(mail))
                .containsExactlyInAnyOrder(Kind.DELIVERED, Kind.DEFERRED, Kind.FAILED, Kind.DELIVERED);
        assertThat(office.sink().inbox().to("ok@seven.test")).hasSize(1);
        assertThat(office.sink().inbox().to("greylist+b@seven.test")).hasSize(1);
    }

    @Test
    void heldMailWaitsForItsTimeAndIsNeverReported() throws Exception {
        var until = Instant.now().plusSeconds(4); // it must be read before that
        var mail = office.mail("held@eight.test").notBefore(until).send();
        soon().until(() -> office.kinds(mail).contains(Kind.DELIVERED));
        assertThat(office.outcomes(mail).getLast().at()).isAfterOrEqualTo(until);
        assertThat(office.outcomes(mail).getFirst().reason()).isEqualTo(Reason.LIMIT);
        assertThat(office.reports(mail)).isEmpty();
    }

    @Test
    void mailThatOutlivedItsTimeFailsAndIsReported() throws Exception {
        var mail = office.mail("tempfail@nine.test")
                .acceptedAt(Instant.now().minus(Duration.ofDays(6)))
                .send();
        soon().until(() -> office.reports(mail).size() == 1);
        assertThat(office.kinds(mail)).endsWith(Kind.FAILED);
        var report = new String(office.reports(mail).getFirst().headers().toBytes(), UTF_8);
        assertThat(report).contains("report-type=delivery-status");
    }

    @Test
    void aRemoteThatHangsUpAfterTheDotGetsTheMailAgain() throws Exception {
        var mail = office.mail("drop-once-after-dot+c@ten.test").send();
        soon().until(() -> office.kinds(mail).contains(Kind.DELIVERED));
        assertThat(office.sink().inbox().to("drop-once-after-dot+c@ten.test")).hasSize(2); // in doubt is not lost
    }

    @ParameterizedTest
    @ValueSource(ints = {100_000, 1_000_000})
    void aShelvedBodyWithABitTurnedIsPutOffAndNeverTakenUntilItIsWhatItWas(int octets) throws Exception {
        var body = body(octets);
        var to = "damaged" + octets + "@blob.test";
        var mail = office.mail(to).shelved(body, OptionalInt.of(sum(body)));
        var turned = body.clone();
        turned[octets / 2] ^= 1;
        Files.write(mail.file(), turned);
        mail.send();
        soon().until(() -> office.kinds(mail).contains(Kind.DEFERRED));
        assertThat(office.outcomes(mail).getLast().reason()).isEqualTo(Reason.BLOB_DAMAGED);
        assertThat(office.sink().inbox().to(to)).isEmpty();
        Files.write(mail.file(), body);
        soon().until(() -> office.kinds(mail).contains(Kind.DELIVERED));
        assertThat(office.sink().inbox().to(to)).singleElement().satisfies(received -> assertEndsWith(received, body));
    }

    @Test
    void aShelvedBodyOfBeforeTheChecksumIsDelivered() throws Exception {
        var body = body(100_000);
        var mail = office.mail("before@blob.test")
                .shelved(body, OptionalInt.empty())
                .send();
        soon().until(() -> office.kinds(mail).contains(Kind.DELIVERED));
        assertThat(office.sink().inbox().to("before@blob.test"))
                .singleElement()
                .satisfies(received -> assertEndsWith(received, body));
    }

    @Test
    void whatIsNoRecordIsQuarantinedAndThePartitionGoesOn() throws Exception {
        int before = office.records(Topics.QUARANTINE).size();
        office.garbage(office.partitionOf("eleven.test"));
        var mail = office.mail("behind@eleven.test").send();
        soon().until(() -> office.kinds(mail).contains(Kind.DELIVERED));
        soon().until(() -> office.records(Topics.QUARANTINE).size() == before + 1);
        assertThat(new String(office.records(Topics.QUARANTINE).getLast().value(), UTF_8))
                .isEqualTo("this is no record");
    }

    @Test
    void aSlowDestinationHoldsUpNobodyElse() throws Exception {
        office.sink().rules().add("silent.test DOT silence");
        for (int i = 0; i < 30; i++) office.mail("s" + i + "@silent.test").send();
        var mail = office.mail("quick@twelve.test").send();
        soon().until(() -> office.kinds(mail).contains(Kind.DELIVERED));
    }

    private static void assertEndsWith(Received received, byte[] body) {
        var all = received.message();
        assertThat(Arrays.copyOfRange(all, all.length - body.length, all.length))
                .isEqualTo(body);
    }

    private static byte[] body(int octets) {
        return "0123456789 abcdefgh\r\n".repeat(octets / 21).getBytes(UTF_8);
    }

    private static int sum(byte[] bytes) {
        var sum = new CRC32C();
        sum.update(bytes);
        return (int) sum.getValue();
    }

    static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(30));
    }
}
