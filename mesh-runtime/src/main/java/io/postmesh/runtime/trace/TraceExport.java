package io.postmesh.runtime.trace;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.common.InternalTelemetryVersion;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends spans to a receiver by OTLP over HTTP, from a thread of its own.
///
/// Mail never waits for it: a span is put in a queue, or dropped and counted where that is full. A receiver that hangs
/// costs the spans, and at the stop [#LAST_WORDS] at most.
public final class TraceExport implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TraceExport.class);

    private static final int QUEUE = 4096; // some 8 MB at worst
    private static final int BATCH = 512;
    private static final Duration EVERY = Duration.ofSeconds(1); // whoever debugs looks at once
    private static final Duration LAST_WORDS = Duration.ofSeconds(1); // Ctrl-C is to end in 5 s
    private static final int LONGEST = 256; // characters of an attribute
    private static final String METRIC = "postmesh_trace_spans_total";
    private static final String HELP = "Spans by their fate: sent, refused by the receiver or not answered in time, "
            + "dropped because too many waited. Rising refused or dropped: traces have holes, mail does not.";

    private final SdkTracerProvider provider;

    private TraceExport(SdkTracerProvider provider) {
        this.provider = provider;
    }

    /// Spans go where the settings say, and nowhere without an endpoint.
    ///
    /// @param service what this process is, such as `postmesh-policy`
    /// @param closing what is opened here is given to it
    public static Trace open(
            TraceSettings settings,
            String service,
            String instance,
            MeterRegistry meters,
            Consumer<AutoCloseable> closing) {
        var lost = new QueueLosses();
        var sent = new CountingExporter();
        count(meters, "sent", sent, CountingExporter::sent);
        count(meters, "refused", sent, CountingExporter::refused);
        count(meters, "dropped", lost, QueueLosses::dropped);
        if (settings.endpoint().isEmpty()) return Trace.untold();
        var endpoint = settings.endpoint().get();
        sent.to(exporter(settings, endpoint));
        var provider = provider(resource(settings, service, instance), sent, settings.timeout(), lost);
        closing.accept(new TraceExport(provider));
        log.info("traces go to {}", endpoint);
        return Trace.of(provider);
    }

    private static OtlpHttpSpanExporter exporter(TraceSettings settings, URI endpoint) {
        var exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(endpoint.toString())
                .setConnectTimeout(settings.timeout())
                .setTimeout(settings.timeout());
        settings.headerFields().forEach(exporter::addHeader);
        return exporter.build();
    }

    private static SdkTracerProvider provider(
            Resource resource, CountingExporter exporter, Duration timeout, QueueLosses lost) {
        var own = SdkMeterProvider.builder().registerMetricReader(lost).build();
        var batches = BatchSpanProcessor.builder(exporter)
                .setMaxQueueSize(QUEUE)
                .setMaxExportBatchSize(BATCH)
                .setScheduleDelay(EVERY)
                .setExporterTimeout(timeout)
                .setInternalTelemetryVersion(InternalTelemetryVersion.LATEST)
                .setMeterProvider(own)
                .build();
        return Trace.builder()
                .setResource(resource)
                .setSpanLimits(
                        SpanLimits.builder().setMaxAttributeValueLength(LONGEST).build())
                .addSpanProcessor(batches)
                .build();
    }

    private static Resource resource(TraceSettings settings, String service, String instance) {
        var told = Attributes.builder();
        settings.resource().forEach(told::put);
        told.put("service.namespace", "postmesh");
        told.put("service.name", settings.service().orElse(service));
        told.put("service.instance.id", instance);
        return Resource.getDefault().merge(Resource.create(told.build()));
    }

    private static <T> void count(MeterRegistry meters, String fate, T of, ToDoubleFunction<T> value) {
        FunctionCounter.builder(METRIC, of, value)
                .description(HELP)
                .tag("fate", fate)
                .register(meters);
    }

    /// Sends what still waits, for a moment.
    @Override
    public void close() {
        var done = provider.shutdown().join(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
        if (!done.isSuccess()) log.warn("the last spans did not reach their receiver in {}", LAST_WORDS);
    }
}
