package io.postmesh.runtime.trace;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/// One step of a message's way, a span; close it when the step is done. Whoever has it may tell it things from any
/// thread.
///
/// Nothing it is told may be a mail address, nor a remote's words, which often repeat one.
public final class Step implements AutoCloseable {
    private final Span span;

    Step(Span span) {
        this.span = span;
    }

    /// For the records this step writes.
    public Header header() {
        return new RecordHeader(Trace.HEADER, Parent.text(span.getSpanContext()).getBytes(US_ASCII));
    }

    public List<Header> headers() {
        return List.of(header());
    }

    public SpanContext context() {
        return span.getSpanContext();
    }

    public String traceId() {
        return span.getSpanContext().getTraceId();
    }

    public <T> Step set(AttributeKey<T> name, T value) {
        span.setAttribute(name, value);
        return this;
    }

    /// Something that happened on the way, now.
    public void event(String what, Attributes more) {
        span.addEvent(what, more);
    }

    /// It came to nothing.
    ///
    /// @param why a word of ours
    public void failed(String why) {
        span.setStatus(StatusCode.ERROR, why);
    }

    @Override
    public void close() {
        span.end();
    }
}
