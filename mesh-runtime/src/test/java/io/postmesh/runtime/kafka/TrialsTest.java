package io.postmesh.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class TrialsTest {
    private static final TopicPartition P = new TopicPartition("t", 0);
    private static final Duration MOST = Duration.ofSeconds(60);

    private final Trials trials = new Trials();

    @Test
    void eachFailureOfARecordWaitsLongerUpToTenSeconds() {
        for (long wait : new long[] {100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000}) {
            trials.failed(P, 7, 0);
            assertThat(trials.nextRest(0, MOST)).isEqualTo(Duration.ofMillis(wait));
        }
    }

    @Test
    void anotherRecordStartsAnew() {
        trials.failed(P, 7, 0);
        assertThat(trials.failed(P, 7, 0)).isEqualTo(2);
        assertThat(trials.failed(P, 8, 0)).isEqualTo(1);
    }

    @Test
    void aPartitionIsNamedOnceWhenItsRestIsOver() {
        trials.failed(P, 7, 0);
        assertThat(trials.rested(99_999_999)).isEmpty();
        assertThat(trials.rested(100_000_000)).containsExactly(P);
        assertThat(trials.rested(200_000_000)).isEmpty();
        assertThat(trials.nextRest(0, MOST)).isEqualTo(MOST);
    }

    @Test
    void whenNothingSucceedsBetweenThemEachRecordIsGivenTwiceTheTriesOfTheLast() {
        assertThat(trials.patience()).isEqualTo(5);
        trials.condemned();
        assertThat(trials.patience()).isEqualTo(10);
        for (int i = 0; i < 100; i++) trials.condemned();
        assertThat(trials.patience()).isEqualTo(320);
        trials.succeeded();
        assertThat(trials.patience()).isEqualTo(5);
    }

    @Test
    void successAndLossForget() {
        trials.failed(P, 7, 0);
        trials.committed(P, 7);
        assertThat(trials.failed(P, 7, 0)).isEqualTo(2);
        trials.committed(P, 8);
        assertThat(trials.failed(P, 7, 0)).isEqualTo(1);
        trials.forget(List.of(P));
        assertThat(trials.failed(P, 7, 0)).isEqualTo(1);
    }
}
