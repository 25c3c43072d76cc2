package io.postmesh.runtime.trace;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/// Carries W3C trace context from record to record.
///
/// By hand, not by Kafka interceptors: those take the context of the thread that calls `send`, which is a gateway's.
/// A mail may wait for days, so a step ends when its record is written; the next one is its child.
public final class Trace {
    public static final String HEADER = "traceparent";

    /// One step of a message's way; close it when the step is done.
    public interface Step extends AutoCloseable {
        /// For the records this step writes.
        Header header();

        String traceId();

        @Override
        void close();
    }

    /// Without any processor the SDK makes no ids at all.
    private static final SpanProcessor NOBODY = new SpanProcessor() {
        @Override
        public void onStart(Context parent, ReadWriteSpan span) {}

        @Override
        public boolean isStartRequired() {
            return false;
        }

        @Override
        public void onEnd(ReadableSpan span) {}

        @Override
        public boolean isEndRequired() {
            return false;
        }
    };

    private final Tracer tracer;

    /// @param provider must make valid ids, as the SDK does
    public Trace(TracerProvider provider) {
        this.tracer = provider.get("io.postmesh");
    }

    /// @param ratio of messages marked as sampled where they enter; the mark travels with them
    public static Trace sampling(double ratio) {
        return new Trace(SdkTracerProvider.builder()
                .addSpanProcessor(NOBODY)
                .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(ratio)))
                .build());
    }

    /// A message enters the mesh.
    public Step begin(String step) {
        return new SpanStep(tracer.spanBuilder(step).setNoParent().startSpan());
    }

    /// A message goes on; without a usable `traceparent` it starts anew.
    public Step follow(String step, Headers from) {
        var parent = W3CTraceContextPropagator.getInstance().extract(Context.root(), from, GETTER);
        return new SpanStep(tracer.spanBuilder(step).setParent(parent).startSpan());
    }

    private record SpanStep(Span span) implements Step {
        @Override
        public Header header() {
            return new RecordHeader(HEADER, traceparent(span.getSpanContext()).getBytes(US_ASCII));
        }

        @Override
        public String traceId() {
            return span.getSpanContext().getTraceId();
        }

        @Override
        public void close() {
            span.end();
        }
    }

    /// W3C Trace Context §3.2: version 00, trace id, parent id, flags.
    private static String traceparent(SpanContext context) {
        return "00-" + context.getTraceId() + "-" + context.getSpanId() + "-"
                + context.getTraceFlags().asHex();
    }

    private static final TextMapGetter<Headers> GETTER = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Headers headers) {
            return List.of(HEADER);
        }

        @Override
        public @Nullable String get(@Nullable Headers headers, String key) {
            var header = headers == null ? null : headers.lastHeader(key);
            return header == null || header.value() == null ? null : new String(header.value(), US_ASCII);
        }
    };
}
