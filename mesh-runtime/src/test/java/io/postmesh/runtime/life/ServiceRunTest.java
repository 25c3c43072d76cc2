package io.postmesh.runtime.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ServiceRunTest {
    private final List<String> closed = new CopyOnWriteArrayList<>();

    @Test
    void partsCloseInReverseAndOnlyOnce() {
        var run = ServiceRun.named("test");
        run.open(part("store"));
        run.open(part("stage"));
        run.open(part("door"));
        run.close();
        run.close();
        assertThat(closed).containsExactly("door", "stage", "store");
    }

    @Test
    void partsThatLieSideBySideDoNotWaitForEachOther() {
        var meeting = new CyclicBarrier(2);
        var run = ServiceRun.named("test");
        run.open(part("store"));
        run.open(() -> closed.add("stage " + meeting.await(20, TimeUnit.SECONDS)));
        run.beside(() -> closed.add("owner " + meeting.await(20, TimeUnit.SECONDS)));
        run.open(part("door"));
        run.close();
        assertThat(closed).hasSize(4).startsWith("door").endsWith("store");
    }

    @Test
    void aPartThatFailsToCloseDoesNotKeepTheOthersOpen() {
        try (var run = ServiceRun.named("test")) {
            run.open(part("store"));
            run.open(() -> {
                throw new IllegalStateException("stuck");
            });
        }
        assertThat(closed).containsExactly("store");
    }

    @Test
    void whatIsOpenedAfterAStopIsClosedAtOnceAndTheStartEnds() {
        var run = ServiceRun.named("test");
        run.close();
        assertThatThrownBy(() -> run.open(part("late"))).isInstanceOf(CancellationException.class);
        assertThat(closed).containsExactly("late");
    }

    @Test
    void aStopWaitsForWorkBetweenDoorAndStore() {
        var run = ServiceRun.named("test");
        run.open(part("store"));
        var work = run.open(new WorkInFlight(Duration.ofSeconds(20)));
        run.open(part("door"));
        var piece = work.begin();
        var stop = CompletableFuture.runAsync(run::close);
        org.awaitility.Awaitility.await().until(() -> closed.contains("door"));
        assertThat(stop).isNotDone();
        closed.add("work");
        piece.close();
        assertThat(stop).succeedsWithin(Duration.ofSeconds(5));
        assertThat(closed).containsExactly("door", "work", "store");
    }

    @Test
    void aStopHasAnEnd() {
        var work = new WorkInFlight(Duration.ofMillis(50));
        work.begin();
        assertThat(CompletableFuture.runAsync(work::close)).succeedsWithin(Duration.ofSeconds(5));
    }

    private AutoCloseable part(String name) {
        return () -> closed.add(name);
    }
}
