package io.postmesh.runtime.ops;

import io.opentelemetry.api.trace.SpanContext;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Ties what is counted to the trace of the mail it was counted for, where that trace is sampled: an exemplar.
public final class Exemplars {
    private static final ScopedValue<SpanContext> MAIL = ScopedValue.newInstance();

    /// Asked by the registry on the thread that counts.
    static final io.prometheus.metrics.tracer.common.SpanContext CONTEXT =
            new io.prometheus.metrics.tracer.common.SpanContext() {
                @Override
                public @Nullable String getCurrentTraceId() {
                    return ofMail(SpanContext::getTraceId);
                }

                @Override
                public @Nullable String getCurrentSpanId() {
                    return ofMail(SpanContext::getSpanId);
                }

                @Override
                public boolean isCurrentSpanSampled() {
                    return MAIL.isBound() && MAIL.get().isSampled();
                }

                @Override
                public void markCurrentSpanAsExemplar() {}
            };

    private Exemplars() {}

    /// @param span     of the mail; empty: it gives no exemplar
    /// @param counting what is counted by it, on this thread
    public static void during(Optional<SpanContext> span, Runnable counting) {
        var valid = span.filter(SpanContext::isValid);
        if (valid.isPresent()) ScopedValue.where(MAIL, valid.get()).run(counting);
        else counting.run();
    }

    private static @Nullable String ofMail(Function<SpanContext, String> part) {
        return MAIL.isBound() ? part.apply(MAIL.get()) : null;
    }
}
