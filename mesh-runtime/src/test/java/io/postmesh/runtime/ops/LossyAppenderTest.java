package io.postmesh.runtime.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.AppenderBase;
import io.postmesh.runtime.settings.Settings;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

@Timeout(60)
class LossyAppenderTest {
    private static final int PLACES = 10;

    private final LoggerContext context = new LoggerContext();
    private final CountDownLatch reading = new CountDownLatch(1);
    private final CountDownLatch begun = new CountDownLatch(1);
    private final List<String> read = new CopyOnWriteArrayList<>();
    private final LossyAppender lossy = new LossyAppender(PLACES);
    private final Logger log = log();

    private Logger log() {
        var slow = new AppenderBase<ILoggingEvent>() {
            @Override
            protected void append(ILoggingEvent event) {
                begun.countDown();
                try {
                    reading.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                read.add(event.getFormattedMessage());
            }
        };
        context.setMDCAdapter(new LogbackMDCAdapter());
        slow.setContext(context);
        slow.start();
        lossy.setContext(context);
        lossy.addAppender(slow);
        lossy.start();
        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        root.addAppender(lossy);
        return root;
    }

    @Test
    void aLogThatNobodyReadsHoldsNobodyUpAndEveryLineIsReadOrCounted() throws Exception {
        log.warn("the reader hangs over this one");
        begun.await();
        for (int i = 0; i < 3 * PLACES; i++) log.warn("{}", i);
        assertThat(lossy.dropped()).isEqualTo(2 * PLACES);
        log.info("nor has this a place");
        assertThat(lossy.dropped()).isEqualTo(2 * PLACES + 1);
        reading.countDown();
        await().until(() -> read.size() == 1 + PLACES);
        assertThat(read).endsWith("8", "9");
    }

    @Test
    void theLastPlacesAreForWarnings() throws Exception {
        log.warn("the reader hangs over this one");
        begun.await();
        for (int i = 0; i < 2 * PLACES; i++) log.info("{}", i);
        long dropped = lossy.dropped();
        assertThat(dropped).isGreaterThan(PLACES);
        log.warn("important");
        assertThat(lossy.dropped()).isEqualTo(dropped);
        reading.countDown();
        await().until(() -> read.contains("important"));
    }

    @Test
    void manyWhoLogAtOnceLoseNoLineUncounted() throws Exception {
        log.warn("the reader hangs over this one");
        begun.await();
        var all = IntStream.range(0, 4)
                .mapToObj(_ -> CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < 5_000; i++) log.warn("{}", i);
                }))
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(all).join();
        reading.countDown();
        await().until(() -> lossy.getNumberOfElementsInQueue() == 0);
        await().untilAsserted(() -> assertThat(read.size() + lossy.dropped()).isEqualTo(20_001));
    }

    @Test
    void whatAProcessDropsIsInItsMetrics() throws Exception {
        var before = System.out;
        var stuck = new CountDownLatch(1);
        System.setOut(new PrintStream(new Pipe(stuck)));
        try {
            var _ = Logging.install(LogSettings.from(Settings.load(Map.of(), Map.of())), "postmesh");
            for (int i = 0; i < 20_000; i++)
                LoggerFactory.getLogger("io.postmesh.delivery").info("{}", i);
            var dropped =
                    Meters.prometheus().get("postmesh_log_lines_dropped_total").functionCounter();
            assertThat(dropped.count()).isGreaterThan(10_000);
        } finally {
            stuck.countDown();
            System.setOut(before);
            LoggingTest.backToTheTestsOwn();
        }
    }

    /// One that is full until somebody reads.
    private static final class Pipe extends OutputStream {
        private final CountDownLatch stuck;

        Pipe(CountDownLatch stuck) {
            this.stuck = stuck;
        }

        @Override
        public void write(int octet) {
            try {
                stuck.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
