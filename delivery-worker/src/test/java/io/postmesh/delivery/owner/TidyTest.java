package io.postmesh.delivery.owner;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.delivery.control.Orders;
import io.postmesh.runtime.kafka.KafkaSettings;
import io.postmesh.runtime.kafka.OutRecord;
import io.postmesh.runtime.kafka.Written;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class TidyTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static final LedgerLog NOWHERE = new LedgerLog() {
        @Override
        public CompletableFuture<Written> send(OutRecord record) {
            return new CompletableFuture<>();
        }

        @Override
        public Duration oldestInFlight() {
            return Duration.ZERO;
        }
    };

    private final Deque<Runnable> begun = new ArrayDeque<>();
    private final HandClock clock = new HandClock();
    // An address that is none: whoever tidies fails at once.
    private final Control control =
            new Control(KafkaSettings.oneNode("nowhere"), new Orders(), "one", NOWHERE, begun::add, clock);

    @Test
    void nobodyTidiesWhileAnotherStillDoes() {
        control.tick(true);
        clock.pass(MINUTE);
        control.tick(true);
        assertThat(begun).hasSize(1);
        begun.removeFirst().run();
        control.tick(true);
        assertThat(begun).hasSize(1);
    }

    @Test
    void oneOfAllWorkersTidiesOnceAMinute() {
        control.tick(false);
        assertThat(begun).isEmpty();
        clock.stand();
        control.tick(true);
        begun.removeFirst().run();
        control.tick(true);
        assertThat(begun).isEmpty();
        clock.pass(MINUTE);
        control.tick(true);
        assertThat(begun).hasSize(1);
    }
}
