package io.postmesh.lab.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.lab.load.LoadGen;
import io.postmesh.lab.load.SizeMix;
import io.postmesh.lab.load.Witness.Accepted;
import io.postmesh.lab.sink.SmtpSink;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A sink that is the door itself: what is sent is what comes.
class HarvestTest {
    private static final SizeMix SIZES = new SizeMix(
            List.of(new SizeMix.Share(70, 4_000), new SizeMix.Share(20, 64_000), new SizeMix.Share(10, 300_000)));

    @TempDir
    private Path folder;

    private final Queue<Accepted> accepted = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void fortyMessages() throws Exception {
        try (var sink = SmtpSink.start()) {
            harvest = Harvest.of(sink, folder.resolve("mail"));
            sink.rules().add("* DOT late 20ms");
            var plan =
                    Workload.w(40, 0, 7).sizes(SIZES).plan(List.of(sink.address()), folder.resolve("ledger"), () -> 0);
            var report = LoadGen.run(plan, accepted::add);
            assertThat(report.accepted()).isEqualTo(40);
        }
    }

    private Harvest harvest;

    @Test
    void whatWasSentIsWhatCameInEverySize() throws Exception {
        var deliveries = Inspection.of(harvest, List.copyOf(accepted), Set.of());
        assertThat(deliveries).hasSize(40).allMatch(Delivery::intact).noneMatch(Delivery::signed);
        assertThat(deliveries.stream().map(d -> d.recipients().size()).distinct())
                .contains(1, 5);
        assertThat(accepted.stream().map(Accepted::octets).filter(octets -> octets > 250_000))
                .isNotEmpty();
    }

    @Test
    void fieldsBeforeTheMessageAreNoChangeAndOneOctetWithinItIs() throws Exception {
        var all = harvest.all();
        prepend(all.getFirst().file(), "Received: from nowhere\r\n");
        var changed = Files.readAllBytes(all.getLast().file());
        changed[changed.length / 2] ^= 1;
        Files.write(all.getLast().file(), changed);
        var bad = Inspection.of(harvest, List.copyOf(accepted), Set.of()).stream()
                .filter(delivery -> !delivery.intact())
                .toList();
        assertThat(bad)
                .extracting(Delivery::number)
                .containsExactly(all.getLast().number());
    }

    @Test
    void theLedgerHasALineForEachRecipientOfEach250() throws Exception {
        var lines = Files.readAllLines(folder.resolve("ledger"));
        assertThat(lines)
                .hasSize(accepted.stream()
                        .mapToInt(mail -> mail.recipients().length)
                        .sum());
        for (var mail : accepted)
            for (var to : mail.recipients()) {
                assertThat(lines).anyMatch(line -> line.contains(mail.messageId() + " " + to + " " + mail.mailId()));
                assertThat(harvest.has(mail.messageId(), "", to)).isTrue();
            }
    }

    @Test
    void theReplyGoesOutAfterTheDotAndBothMomentsAreKnown() {
        for (var caught : harvest.all()) {
            assertThat(harvest.answered(caught.number()))
                    .isAfterOrEqualTo(caught.at().plus(Duration.ofMillis(20)))
                    .isBefore(Instant.now());
        }
        assertThat(harvest.open()).isZero();
    }

    private static void prepend(Path file, String fields) throws Exception {
        var message = Files.readAllBytes(file);
        var out = new java.io.ByteArrayOutputStream();
        out.writeBytes(fields.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        out.writeBytes(message);
        Files.write(file, out.toByteArray());
    }
}
