package io.postmesh.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LineQuotaTest {
    private final LineQuota quota = new LineQuota();

    @Test
    void aClientHasItsLinesAMinuteAndTheRestIsANumber() {
        assertThat(taken("192.0.2.7", LineQuota.EACH + 137)).isEqualTo(LineQuota.EACH);
        assertThat(quota.take("192.0.2.8")).as("another one's are its own").isTrue();
        assertThat(quota.nextMinute()).isEqualTo(Map.of("192.0.2.7", 137));
        assertThat(quota.take("192.0.2.7")).isTrue();
        assertThat(quota.nextMinute()).isEmpty();
    }

    @Test
    void aFloodFromEverywhereEndsWhereAllLinesAreSaid() {
        long said = IntStream.range(0, 100_000)
                .filter(i -> quota.take("network " + i))
                .count();
        assertThat(said).isEqualTo(LineQuota.ALL);
        assertThat(quota.nextMinute()).isEqualTo(Map.of(LineQuota.OTHERS, 100_000 - LineQuota.ALL));
    }

    private long taken(String client, int times) {
        return IntStream.range(0, times).filter(_ -> quota.take(client)).count();
    }
}
