package io.postmesh.runtime.ops;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Gives metrics the unit that their name ends in: Micrometer gives them none, and OpenMetrics has a line for it.
final class Units {
    private static final List<Unit> ALL = List.of(Unit.SECONDS, Unit.BYTES);

    private Units() {}

    static MetricSnapshots told(MetricSnapshots all) {
        return new MetricSnapshots(all.stream().map(Units::told).toList());
    }

    private static MetricSnapshot told(MetricSnapshot one) {
        var unit = of(one.getMetadata().getName());
        if (unit == null) return one;
        var with = new MetricMetadata(
                one.getMetadata().getName(), one.getMetadata().getHelp(), unit);
        return switch (one) {
            case CounterSnapshot counter -> new CounterSnapshot(with, counter.getDataPoints());
            case GaugeSnapshot gauge -> new GaugeSnapshot(with, gauge.getDataPoints());
            case SummarySnapshot summary -> new SummarySnapshot(with, summary.getDataPoints());
            case HistogramSnapshot histogram ->
                new HistogramSnapshot(histogram.isGaugeHistogram(), with, histogram.getDataPoints());
            default -> one;
        };
    }

    private static @Nullable Unit of(String name) {
        for (var unit : ALL) if (name.endsWith("_" + unit)) return unit;
        return null;
    }
}
