package io.postmesh.ingress.space;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FloorTest {
    private static final long MIB = 1 << 20;
    private static final Floor FLOOR = new Floor(5 * 1024 * MIB);
    private static final Duration RULE = Duration.ofSeconds(5);

    @Test
    void theFloorIsATenthOfASmallDiskAndNeverMoreThanItsSetting() {
        assertThat(FLOOR.of(disk(1000 * MIB, 0))).isEqualTo(100 * MIB);
        assertThat(FLOOR.of(disk(1_000_000 * MIB, 0))).isEqualTo(5 * 1024 * MIB);
        assertThat(new Floor(0).of(disk(1000 * MIB, 0))).isZero();
    }

    @Test
    void aDiskIsShortBelowTheFloorAndUntilThereIsAFifthMore() {
        for (long free : new long[] {0, 99}) assertThat(isShort(free, false)).isTrue();
        for (long free : new long[] {100, 119, 500})
            assertThat(isShort(free, false)).isFalse();
        for (long free : new long[] {99, 100, 119})
            assertThat(isShort(free, true)).isTrue();
        assertThat(isShort(120, true)).isFalse();
    }

    @Test
    void withoutAFloorNoDiskIsEverShort() {
        assertThat(new Floor(0).shortOf(List.of(disk(1000 * MIB, 0)), Set.of("disk")))
                .isEmpty();
    }

    @Test
    void aDiskThatFillsFastIsLookedAtBeforeItIsFull() {
        assertThat(next(1000, 0)).isEqualTo(RULE);
        assertThat(next(1000, -50)).isEqualTo(RULE);
        assertThat(next(1000, 10)).as("full in 500 s").isEqualTo(RULE);
        assertThat(next(1000, 500)).as("full in 10 s").isEqualTo(Duration.ofMillis(2500));
        assertThat(next(10, 1000)).as("full at once").isEqualTo(Duration.ofMillis(250));
        assertThat(next(-10, 1000)).as("nothing more comes in").isEqualTo(RULE);
    }

    private static Duration next(long above, long fell) {
        return Pace.next(above * MIB, fell * MIB, RULE, RULE);
    }

    private static boolean isShort(long free, boolean before) {
        var names = before ? Set.of("disk") : Set.<String>of();
        return !FLOOR.shortOf(List.of(disk(1000 * MIB, free * MIB)), names).isEmpty();
    }

    private static Disk disk(long total, long usable) {
        return new Disk("disk", Disk.Use.KAFKA, total, usable);
    }
}
