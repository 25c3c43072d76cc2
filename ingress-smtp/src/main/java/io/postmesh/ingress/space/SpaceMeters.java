package io.postmesh.ingress.space;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/// What the watch over disks tells.
final class SpaceMeters {
    final Counter failed;
    private final Map<Disk.Use, AtomicReference<Double>> above = new EnumMap<>(Disk.Use.class);

    SpaceMeters(MeterRegistry meters) {
        failed = Counter.builder("postmesh_space_questions_failed")
                .description("Times a disk's owner did not say how full it is. Rising: nobody guards that disk.")
                .register(meters);
        for (var use : Disk.Use.values()) {
            var least = new AtomicReference<>(Double.NaN);
            above.put(use, least);
            Gauge.builder("postmesh_space_above_floor_bytes", least, AtomicReference::get)
                    .description(
                            "Room on the fullest disk until mail is refused. Negative: 452 4.3.1 to all; free some.")
                    .tag("disk", use.name().toLowerCase(Locale.ROOT))
                    .register(meters);
        }
    }

    /// Not a number where nobody tells.
    void tell(Collection<Disk> disks, Floor floor) {
        above.forEach((use, least) -> least.set(disks.stream()
                .filter(disk -> disk.use() == use)
                .mapToDouble(floor::above)
                .min()
                .orElse(Double.NaN)));
    }
}
