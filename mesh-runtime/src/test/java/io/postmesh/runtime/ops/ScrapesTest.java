package io.postmesh.runtime.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Gauge;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ScrapesTest {
    private static final int MANY = 100;

    private final Vertx vertx = Vertx.vertx();
    private final io.micrometer.prometheusmetrics.PrometheusMeterRegistry meters = Meters.prometheus();
    private final Scrapes scrapes = new Scrapes(vertx, meters);
    private final CountDownLatch go = new CountDownLatch(1);
    private final AtomicInteger rendered = new AtomicInteger();

    @BeforeEach
    void meterThatHangs() {
        Gauge.builder("postmesh_slow", this::value).register(meters);
    }

    private int value() {
        int nth = rendered.incrementAndGet();
        try {
            go.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return nth;
    }

    @AfterEach
    void close() throws Exception {
        go.countDown();
        scrapes.close();
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    @Test
    void whoeverAsksWhileTheNextRenderingWaitsSharesIt() throws Exception {
        var first = scrapes.next(Exposition.CLASSIC);
        await().until(() -> rendered.get() == 1);
        var later = askedManyTimes();
        go.countDown();
        assertThat(text(first)).contains("postmesh_slow 1.0");
        for (var scrape : later) assertThat(text(scrape)).contains("postmesh_slow 2.0");
        assertThat(rendered).hasValue(2);
        assertThat(text(scrapes.next(Exposition.CLASSIC))).contains("postmesh_slow 3.0");
    }

    @Test
    void eachGetsItsOwnForm() throws Exception {
        go.countDown();
        var classic = scrapes.next(Exposition.CLASSIC);
        var open = scrapes.next(Exposition.OPEN_METRICS);
        assertThat(text(classic)).doesNotContain("# EOF");
        assertThat(text(open)).endsWith("# EOF\n");
    }

    @Test
    void scrapesThatHangTakeNoThreadFromOtherWork() throws Exception {
        scrapes.next(Exposition.CLASSIC);
        await().until(() -> rendered.get() == 1);
        askedManyTimes();
        assertThat(vertx.executeBlocking(() -> Thread.currentThread().getName(), false)
                        .await(10, TimeUnit.SECONDS))
                .startsWith("vert.x-worker-thread");
    }

    private List<Future<Buffer>> askedManyTimes() {
        return IntStream.range(0, MANY)
                .mapToObj(_ -> scrapes.next(Exposition.CLASSIC))
                .toList();
    }

    private static String text(Future<Buffer> scrape) throws Exception {
        return scrape.await(10, TimeUnit.SECONDS).toString();
    }
}
