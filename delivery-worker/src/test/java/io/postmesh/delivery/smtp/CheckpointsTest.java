package io.postmesh.delivery.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postmesh.contract.Reason;
import io.postmesh.delivery.outcome.Checkpoints;
import io.postmesh.delivery.outcome.Job;
import io.postmesh.delivery.outcome.Report;
import io.postmesh.delivery.outcome.Verdict;
import io.postmesh.lab.sink.SmtpSink;
import io.postmesh.runtime.blob.DamagedBlob;
import io.postmesh.runtime.blob.MissingBlob;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What stops an attempt from our own side: a lease, a missing body, a stopping process. Never with half a mail sent.
class CheckpointsTest {
    private final SmtpSink sink = SmtpSink.start();
    private Bench bench;

    @BeforeEach
    void open() {
        bench = Bench.relayTo(sink.port()).open();
    }

    @AfterEach
    void close() {
        bench.close();
        sink.close();
    }

    private record Gate(boolean mayStart, boolean mayFinish) implements Checkpoints {}

    @Test
    void whoMayNotStartSaysNothingAboutTheMail() {
        var verdict = Bench.only(bench.carry(Letters.to("ok@one.test").relayed().job(), new Gate(false, true)));
        assertThat(verdict).isEqualTo(new Verdict.NotSent(Reason.SHUTDOWN));
        assertThat(sink.transcripts().all().getFirst().commands()).noneMatch(line -> line.startsWith("MAIL"));
    }

    // LEDGER L19: what kills its worker while it is made ready is noted by then.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theContentIsTouchedOnlyByWhoMayStart(boolean mayStart) {
        var touched = new AtomicBoolean();
        bench.carry(
                with(() -> {
                    touched.set(true);
                    throw new IOException("unreadable");
                }),
                new Gate(mayStart, true));
        assertThat(touched.get()).isEqualTo(mayStart);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 1_000_000})
    void whoMayNotFinishSendsNoDot(int size) {
        var letters = Letters.to("ok@one.test", "reject@one.test").body("x\r\n".repeat(size / 3));
        var report = bench.carry(letters.relayed().job(), new Gate(true, false));
        assertThat(Bench.of(report, 0)).isEqualTo(new Verdict.NotSent(Reason.SHUTDOWN));
        assertThat(Bench.of(report, 1)).isInstanceOf(Verdict.Failed.class);
        await().until(() -> sink.counters().open() == 0);
        assertThat(sink.inbox().all()).isEmpty();
    }

    @Test
    void theDotWaitsForTheNote() throws InterruptedException {
        var asked = new CountDownLatch(1);
        var durable = new CountDownLatch(1);
        var report = new CompletableFuture<Report>();
        Thread.ofVirtual()
                .start(() -> report.complete(bench.carrier.carry(
                        Letters.to("ok@one.test").relayed().job(), new Checkpoints() {
                            @Override
                            public boolean mayStart() {
                                return true;
                            }

                            @Override
                            public boolean mayFinish() {
                                asked.countDown();
                                try {
                                    durable.await();
                                } catch (InterruptedException e) {
                                    return false;
                                }
                                return true;
                            }
                        })));
        asked.await();
        assertThat(sink.inbox().all()).isEmpty();
        durable.countDown();
        assertThat(Bench.only(report.join())).isInstanceOf(Verdict.Delivered.class);
    }

    @Test
    void anInterruptEndsAnAttemptThatHadNoDot() throws InterruptedException {
        sink.rules().add("* RCPT silence");
        var report = new CompletableFuture<Report>();
        var thread = Thread.ofVirtual()
                .start(() -> report.complete(
                        bench.carrier.carry(Letters.to("ok@one.test").relayed().job(), Bench.GO)));
        await().until(() -> sink.counters().faults() > 0);
        thread.interrupt();
        assertThat(Bench.only(report.join())).isEqualTo(new Verdict.NotSent(Reason.SHUTDOWN));
    }

    @Test
    void aMissingBodyIsFoundBeforeTheRemoteIsTold() {
        var verdict = Bench.only(bench.carry(
                with(() -> {
                    throw new MissingBlob("b1");
                }),
                Bench.GO));
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Deferred.class, v -> assertThat(v.reason()).isEqualTo(Reason.BLOB_MISSING));
        assertThat(sink.transcripts().all().getFirst().commands()).noneMatch(line -> line.startsWith("MAIL"));
    }

    @Test
    void aBodyThatBreaksOffHalfWayIsNeverEnded() {
        var large =
                Letters.to("ok@one.test").body(new byte[2_000_000]).relayed().job();
        var job = new Job(
                large.envelope(),
                large.headers(),
                () -> new ByteArrayInputStream(
                        "short\r\n".repeat(30_000).getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                large.recipients(),
                1);
        assertThat(Bench.only(bench.carry(job, Bench.GO)).reason()).isEqualTo(Reason.INTERNAL);
        await().until(() -> sink.counters().open() == 0);
        assertThat(sink.inbox().all()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, 1_000_000})
    void aBlobThatIsFoundDamagedAtItsVeryEndIsPutOffForThatAndNeverEnded(int size) {
        var plain = Letters.to("ok@one.test").body(new byte[size]).relayed().job();
        var content = plain.envelope().content().at("0123456789abcdef0123456789abcdef", 0);
        var end = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new DamagedBlob("its checksum is wrong", null);
            }
        };
        var job = new Job(
                plain.envelope().with(content),
                plain.headers(),
                () -> new SequenceInputStream(new ByteArrayInputStream(new byte[size]), end),
                plain.recipients(),
                1);
        assertThat(Bench.only(bench.carry(job, Bench.GO)))
                .isInstanceOfSatisfying(
                        Verdict.Deferred.class, v -> assertThat(v.reason()).isEqualTo(Reason.BLOB_DAMAGED));
        await().until(() -> sink.counters().open() == 0 || size < 100_000);
        assertThat(sink.inbox().all()).isEmpty();
    }

    @Test
    void aFaultOfOursIsAVerdictToo() {
        var verdict = Bench.only(bench.carry(
                with(() -> {
                    throw new IllegalStateException("a bug");
                }),
                Bench.GO));
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Deferred.class, v -> assertThat(v.reason()).isEqualTo(Reason.INTERNAL));
    }

    private interface Opening {
        InputStream open() throws IOException;
    }

    private static Job with(Opening body) {
        var job = Letters.to("ok@one.test").relayed().job();
        return new Job(job.envelope(), job.headers(), body::open, job.recipients(), 1);
    }
}
