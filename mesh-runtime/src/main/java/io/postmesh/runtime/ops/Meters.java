package io.postmesh.runtime.ops;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.Optional;

/// The one registry of a process.
public final class Meters {
    private Meters() {}

    /// With what every JVM tells: memory, collections, threads, processor, open files. It lives as long as the process.
    public static PrometheusMeterRegistry prometheus() {
        var registry = new PrometheusMeterRegistry(
                PrometheusConfig.DEFAULT, new PrometheusRegistry(), Clock.SYSTEM, Exemplars.CONTEXT);
        List.<MeterBinder>of(
                        new JvmMemoryMetrics(),
                        new JvmGcMetrics(),
                        new JvmThreadMetrics(),
                        new ProcessorMetrics(),
                        new FileDescriptorMetrics(),
                        new UptimeMetrics(),
                        Meters::build)
                .forEach(binder -> binder.bindTo(registry));
        return registry;
    }

    private static void build(MeterRegistry registry) {
        var version = Optional.ofNullable(Meters.class.getPackage().getImplementationVersion()); // the jar's manifest
        Gauge.builder("postmesh_build_info", () -> 1)
                .description("Always 1. More than one version for long: a roll-out stands.")
                .tag("version", version.orElse("not packaged"))
                .tag("java", Runtime.version().toString())
                .strongReference(true)
                .register(registry);
    }
}
