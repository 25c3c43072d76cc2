package io.postmesh.lab.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postmesh.lab.sink.Extension;
import io.postmesh.lab.sink.Received;
import io.postmesh.lab.sink.SinkOptions;
import io.postmesh.lab.sink.SmtpSink;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoadGenTest {
    @Test
    void everyMailIsDifferentAndGoesToOneOfTheDomains() {
        try (var sink = SmtpSink.start()) {
            var report =
                    LoadGen.run(plan(sink).messages(300).sessions(4).domains(50).size(4_000));
            assertThat(report.accepted()).isEqualTo(300);
            assertThat(report.latencies().count()).isEqualTo(300);
            var mails = sink.inbox().all();
            assertThat(mails).hasSize(300).allMatch(mail -> mail.flaws().none());
            assertThat(mails.stream().map(LoadGenTest::body).distinct()).hasSize(300);
            assertThat(mails.stream().map(LoadGenTest::messageId).distinct()).hasSize(300);
            assertThat(mails.stream()
                            .map(m -> domain(m.recipients().getFirst()))
                            .distinct())
                    .hasSize(50);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2_000, 20_000, 150_000, 1_000_000})
    void mailsHaveAboutTheSizeAskedForAndAWholeMimeBody(int size) {
        try (var sink = SmtpSink.start()) {
            LoadGen.run(plan(sink).messages(8).sessions(1).size(size));
            assertThat(sink.inbox().all()).hasSize(8);
            for (var mail : sink.inbox().all()) {
                assertThat(mail.wire().length).isBetween((int) (size * 0.9) - 600, (int) (size * 1.1) + 1_200);
                var text = mail.text();
                assertThat(text)
                        .contains("Content-Type: multipart/")
                        .endsWith("--\r\n")
                        .doesNotContain("\u0001");
                assertThat(text.lines().mapToInt(String::length).max().orElseThrow())
                        .isLessThanOrEqualTo(998);
            }
        }
    }

    @Test
    void ofAHundredRecipientsEachShareAsksForWhatItIsTold() {
        try (var sink = SmtpSink.start()) {
            var words = new LocalParts(List.of(new LocalParts.Share(3, "reject"), new LocalParts.Share(5, "slow")));
            LoadGen.run(plan(sink).messages(1).recipients(200).localParts(LocalParts.PLAIN));
            assertThat(sink.inbox().all().getFirst().recipients()).noneMatch(to -> to.contains("+"));
            var asked = java.util.stream.IntStream.range(0, 200)
                    .mapToObj(i -> words.of(7, i))
                    .toList();
            assertThat(asked)
                    .filteredOn(local -> local.startsWith("reject+u7."))
                    .hasSize(6);
            assertThat(asked).filteredOn(local -> local.startsWith("slow+u7.")).hasSize(10);
            assertThat(asked).doesNotHaveDuplicates();
        }
    }

    @Test
    void itSaysHowLongTheReplyToADotTook() {
        try (var sink = SmtpSink.start()) {
            sink.rules().add("* DOT late 300ms");
            var waits = new java.util.concurrent.ConcurrentLinkedQueue<Duration>();
            LoadGen.run(plan(sink).messages(1), new Witness() {
                @Override
                public void accepted(Accepted mail) {}

                @Override
                public void answered(Duration afterDot) {
                    waits.add(afterDot);
                }
            });
            assertThat(waits).singleElement().matches(wait -> wait.toMillis() >= 300);
        }
    }

    @Test
    void mailsCompressAsRealOnesDo() {
        try (var sink = SmtpSink.start()) {
            LoadGen.run(plan(sink).messages(8).sessions(1).size(20_000));
            assertThat(sink.inbox().all()).hasSize(8);
            for (var mail : sink.inbox().all()) {
                assertThat(mail.wire().length / deflated(mail.message())).isBetween(3.0, 7.0);
            }
        }
    }

    @Test
    void aTemporaryRefusalIsTriedAgainAPermanentOneIsNot() {
        try (var sink = SmtpSink.start()) {
            sink.rules().add("* RCPT first 2 450 4.2.0 Not now");
            sink.rules().add("* MAIL first 1 421 4.3.2 Closing");
            var report = LoadGen.run(plan(sink).messages(10).sessions(2).size(1_000));
            assertThat(report.accepted()).isEqualTo(10);
            assertThat(report.replies()).containsEntry("450", 2).containsEntry("421", 1);

            sink.rules().add("* DOT first 3 554 5.7.1 No");
            report = LoadGen.run(plan(sink).messages(10).sessions(2).size(1_000));
            assertThat(report.accepted()).isEqualTo(7);
            assertThat(report.refused()).isEqualTo(3);
        }
    }

    @Test
    void whatIsToldOfARefusalIsTheReplyThatRefusedNotOneThatFollowedFromIt() {
        var told = new CopyOnWriteArrayList<Witness.Refused>();
        var witness = new Witness() {
            @Override
            public void accepted(Accepted mail) {}

            @Override
            public void refused(Refused refusal) {
                told.add(refusal);
            }
        };
        try (var sink = SmtpSink.start()) {
            sink.rules().add("* MAIL first 1 452 4.3.1 Full");
            LoadGen.run(plan(sink).messages(2).sessions(1).size(1_000), witness);
        }
        assertThat(told).singleElement().satisfies(one -> {
            assertThat(one.code()).isEqualTo(452);
            assertThat(one.reply()).startsWith("452 4.3.1 Full");
        });
    }

    @Test
    void aReplyThatNeverCameIsCountedAsUnknownAndNotSentTwice() {
        try (var sink = SmtpSink.start()) {
            sink.rules().add("* DOT first 1 drop");
            var report = LoadGen.run(plan(sink).messages(10).sessions(1).size(1_000));
            assertThat(report.accepted()).isEqualTo(9);
            assertThat(report.unknown()).isEqualTo(1);
            assertThat(sink.inbox().all()).hasSize(10);
        }
    }

    @Test
    void theLedgerHasALineForEvery250(@TempDir Path folder) throws Exception {
        var ledger = folder.resolve("ledger");
        try (var sink = SmtpSink.start(new SinkOptions().hide(Extension.PIPELINING))) {
            LoadGen.run(plan(sink)
                    .messages(40)
                    .sessions(4)
                    .recipients(2)
                    .size(1_000)
                    .ledger(ledger));
            var lines = Files.readAllLines(ledger);
            assertThat(lines)
                    .hasSize(80)
                    .allMatch(line -> line.matches("\\d+ <\\S+> u\\d+\\.[01]@d\\d{4}\\.load\\.test \\d+"));
            var ids =
                    new HashSet<>(lines.stream().map(line -> line.split(" ")[1]).toList());
            assertThat(sink.inbox().all().stream().map(LoadGenTest::messageId)).allMatch(ids::contains);
        }
    }

    @Test
    void aFixedRateIsKept() {
        try (var sink = SmtpSink.start(new SinkOptions().countOnly())) {
            var report =
                    LoadGen.run(plan(sink).messages(40).sessions(4).rate(100).size(1_000));
            assertThat(report.time()).isGreaterThan(Duration.ofMillis(380));
            assertThat(sink.counters().messages()).isEqualTo(40);
        }
    }

    @Test
    void aTargetThatIsNotLoopbackIsRefusedUnlessToldTwice() throws UnknownHostException {
        var elsewhere =
                new InetSocketAddress(InetAddress.getByAddress("mx.test", new byte[] {(byte) 192, 0, 2, 1}), 25);
        for (var plan : List.of(
                new LoadPlan(elsewhere),
                new LoadPlan(elsewhere).mayLeaveThisMachine(),
                new LoadPlan(elsewhere).reallyTo("mx.test"),
                new LoadPlan(elsewhere).mayLeaveThisMachine().reallyTo("other.test"))) {
            assertThatThrownBy(() -> LoadGen.run(plan)).hasMessageContaining("not loopback");
        }
        new LoadPlan(elsewhere).mayLeaveThisMachine().reallyTo("mx.test").checkTargets();
    }

    @Test
    void latenciesAreExactToTwoPercent() {
        var latencies = new Latencies();
        for (int i = 1; i <= 1_000; i++) latencies.add(Duration.ofNanos(i * 100_000L));
        assertThat(latencies.millis(0.5)).isBetween(50.0, 51.0);
        assertThat(latencies.millis(0.99)).isBetween(99.0, 101.0);
        assertThat(latencies.millis(1)).isBetween(100.0, 102.0);
        assertThat(new Latencies().at(0.5)).isZero();
    }

    private static LoadPlan plan(SmtpSink sink) {
        return new LoadPlan(sink.address());
    }

    private static String messageId(Received mail) {
        return mail.headers().first("message-id").orElseThrow().value();
    }

    private static String body(Received mail) {
        var text = new String(mail.message(), ISO_8859_1);
        return text.substring(text.indexOf("\r\n\r\n"));
    }

    private static String domain(String address) {
        return address.substring(address.indexOf('@') + 1);
    }

    private static double deflated(byte[] octets) {
        try (var deflater = new Deflater(1)) {
            deflater.setInput(octets);
            deflater.finish();
            return deflater.deflate(new byte[octets.length + 100]);
        }
    }
}
