package io.postmesh.runtime.trace;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/// The span a step follows, as `traceparent` names it. `tracestate` is not read: it is other people's, and unbounded.
public record Parent(SpanContext context) {
    /// Longer ones are of a future version at best (W3C Trace Context §3.2.2.4).
    private static final int MOST = 256;

    private static final TextMapGetter<String> ONLY = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(String text) {
            return List.of(Trace.HEADER);
        }

        @Override
        public @Nullable String get(@Nullable String text, String key) {
            return key.equals(Trace.HEADER) ? text : null;
        }
    };

    /// Empty when it is no trace context (W3C Trace Context §3.2).
    public static Optional<Parent> parse(String text) {
        if (text.length() > MOST) return Optional.empty();
        var context = Span.fromContext(W3CTraceContextPropagator.getInstance().extract(Context.root(), text, ONLY))
                .getSpanContext();
        return context.isValid() ? Optional.of(new Parent(context)) : Optional.empty();
    }

    /// What a record was sent with.
    public static Optional<Parent> of(Headers headers) {
        return Optional.ofNullable(headers.lastHeader(Trace.HEADER)).flatMap(Parent::of);
    }

    /// What a record is to be sent with.
    public static Optional<Parent> of(Iterable<Header> headers) {
        for (var header : headers) if (header.key().equals(Trace.HEADER)) return of(header);
        return Optional.empty();
    }

    private static Optional<Parent> of(Header header) {
        return header.value() == null ? Optional.empty() : parse(new String(header.value(), US_ASCII));
    }

    public String traceId() {
        return context.getTraceId();
    }

    /// As a `traceparent` says it.
    public String text() {
        return text(context);
    }

    /// W3C Trace Context §3.2: version 00, trace id, parent id, flags.
    static String text(SpanContext context) {
        return "00-" + context.getTraceId() + "-" + context.getSpanId() + "-"
                + context.getTraceFlags().asHex();
    }
}
