package io.postmesh.runtime.trace;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import java.util.List;

/// Decides for the first span of a trace, at the ratio its context names; all others do as their parent does.
final class MarkOnce implements Sampler {
    static final Sampler SAMPLER = Sampler.parentBased(new MarkOnce());

    private static final ContextKey<Double> RATIO = ContextKey.named("postmesh-trace-ratio");

    private MarkOnce() {}

    static Context root(double ratio) {
        return Context.root().with(RATIO, ratio);
    }

    @Override
    public SamplingResult shouldSample(
            Context context, String traceId, String name, SpanKind kind, Attributes attributes, List<LinkData> links) {
        var ratio = context.get(RATIO);
        return Sampler.traceIdRatioBased(ratio == null ? 0 : ratio)
                .shouldSample(context, traceId, name, kind, attributes, links);
    }

    @Override
    public String getDescription() {
        return "MarkOnce";
    }
}
