package io.postmesh.runtime.ops;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/// The one registry of a process.
public final class Meters {
    // Micrometer's own puts exemplars on everything, also where OpenMetrics has none, such as on the count of a
    // histogram: then Prometheus refuses the whole scrape.
    private static final PrometheusConfig CONFIG = new PrometheusConfig() {
        @Override
        public @Nullable String get(String key) {
            return null;
        }

        @Override
        public Properties prometheusProperties() {
            return new Properties();
        }
    };

    private Meters() {}

    /// With what every JVM tells: memory, collections, threads, processor, open files. It lives as long as the process.
    public static PrometheusMeterRegistry prometheus() {
        var told = new PrometheusRegistry() {
            @Override
            public MetricSnapshots scrape() {
                return Units.told(super.scrape());
            }
        };
        var registry = new PrometheusMeterRegistry(CONFIG, told, Clock.SYSTEM, Exemplars.CONTEXT);
        List.<MeterBinder>of(
                        new JvmMemoryMetrics(),
                        new JvmGcMetrics(),
                        new JvmThreadMetrics(),
                        new ProcessorMetrics(),
                        new FileDescriptorMetrics(),
                        new UptimeMetrics(),
                        AotCache.ofThisJvm(),
                        LossyAppender::count)
                .forEach(binder -> binder.bindTo(registry));
        tellBuild(told);
        return registry;
    }

    // Not by Micrometer: it keeps the ending _info for a kind of metric that it does not have, and takes it away.
    private static void tellBuild(PrometheusRegistry told) {
        var version = Optional.ofNullable(Meters.class.getPackage().getImplementationVersion()); // the jar's manifest
        Info.builder()
                .name("postmesh_build_info")
                .help("Always 1. More than one version for long: a roll-out stands.")
                .labelNames("version", "java")
                .register(told)
                .setLabelValues(
                        version.orElse("not packaged"), Runtime.version().toString());
    }
}
