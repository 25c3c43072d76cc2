package io.postmesh.runtime.trace;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.concurrent.atomic.LongAdder;

/// Counts what the receiver took, and what it did not.
final class CountingExporter implements SpanExporter {
    private final LongAdder sent = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private volatile SpanExporter to = SpanExporter.composite();

    void to(SpanExporter exporter) {
        to = exporter;
    }

    double sent() {
        return sent.doubleValue();
    }

    double refused() {
        return refused.doubleValue();
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        int count = spans.size();
        var result = to.export(spans);
        result.whenComplete(() -> (result.isSuccess() ? sent : refused).add(count));
        return result;
    }

    @Override
    public CompletableResultCode flush() {
        return to.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return to.shutdown();
    }
}
