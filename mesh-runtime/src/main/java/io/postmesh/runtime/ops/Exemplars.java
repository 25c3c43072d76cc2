package io.postmesh.runtime.ops;

import io.prometheus.metrics.tracer.common.SpanContext;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Ties what is counted to the trace of the mail it was counted for, where that trace is sampled: an exemplar.
public final class Exemplars {
    private static final ScopedValue<MatchResult> MAIL = ScopedValue.newInstance();
    private static final Pattern TRACEPARENT = Pattern.compile("00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})");

    /// Asked by the registry on the thread that counts.
    static final SpanContext CONTEXT = new SpanContext() {
        @Override
        public @Nullable String getCurrentTraceId() {
            return part(1);
        }

        @Override
        public @Nullable String getCurrentSpanId() {
            return part(2);
        }

        @Override
        public boolean isCurrentSpanSampled() {
            var flags = part(3);
            return flags != null && (Integer.parseInt(flags, 16) & 1) == 1;
        }

        @Override
        public void markCurrentSpanAsExemplar() {}
    };

    private Exemplars() {}

    /// @param traceparent of the mail (W3C Trace Context §3.2); one that is none gives no exemplar
    /// @param counting    what is counted by it, on this thread
    public static void during(String traceparent, Runnable counting) {
        var parts = TRACEPARENT.matcher(traceparent);
        if (parts.matches()) ScopedValue.where(MAIL, parts.toMatchResult()).run(counting);
        else counting.run();
    }

    private static @Nullable String part(int group) {
        return MAIL.isBound() ? MAIL.get().group(group) : null;
    }
}
