package io.postmesh.runtime.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SdkTracerProviderBuilder;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.postmesh.runtime.kafka.InRecord;
import java.time.Instant;
import java.util.Optional;

/// Follows messages from record to record, as W3C trace context in the records' headers.
///
/// By hand, not by Kafka interceptors: those take the context of the thread that calls `send`, which is a gateway's.
/// Whether a message is sampled is decided once, where it enters; the mark travels with it.
public final class Trace {
    public static final String HEADER = "traceparent";

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

    private Trace(SdkTracerProvider provider) {
        this.tracer = provider.get("io.postmesh");
    }

    /// Nobody is told, but ids and marks travel and can be logged.
    public static Trace untold() {
        return of(builder().addSpanProcessor(NOBODY).build());
    }

    static SdkTracerProviderBuilder builder() {
        return SdkTracerProvider.builder().setSampler(MarkOnce.SAMPLER);
    }

    static Trace of(SdkTracerProvider provider) {
        return new Trace(provider);
    }

    /// A message enters the mesh.
    ///
    /// @param parent the client's own span; its mark holds
    /// @param ratio  of messages without a parent that are sampled, 0 to 1
    /// @param began  when its first octet came
    public Step enter(String step, Optional<Parent> parent, double ratio, Instant began) {
        var context = parent.map(Trace::child).orElseGet(() -> MarkOnce.root(ratio));
        return new Step(tracer.spanBuilder(step)
                .setParent(context)
                .setSpanKind(SpanKind.SERVER)
                .setStartTimestamp(began)
                .startSpan());
    }

    /// A message goes on, in a stage that has read it.
    public Step follow(String step, InRecord in) {
        var span = following(step, Parent.of(in.headers())).setSpanKind(SpanKind.CONSUMER);
        Names.process(span, in);
        return new Step(span.startSpan());
    }

    /// The mesh calls somebody else for a message.
    public Step call(String step, Optional<Parent> parent) {
        return new Step(following(step, parent).setSpanKind(SpanKind.CLIENT).startSpan());
    }

    /// The same, long after: a trace of its own, linked to the message's. A child that begins days after its parent
    /// ended is found by no reader of traces.
    public Step callLater(String step, Optional<Parent> message) {
        return new Step(linked(step, message).setSpanKind(SpanKind.CLIENT).startSpan());
    }

    /// A new message because of another one: a trace of its own, linked to that one's.
    public Step because(String step, InRecord in) {
        var span = linked(step, Parent.of(in.headers())).setSpanKind(SpanKind.CONSUMER);
        Names.process(span, in);
        return new Step(span.startSpan());
    }

    private SpanBuilder following(String step, Optional<Parent> parent) {
        return tracer.spanBuilder(step).setParent(parent.map(Trace::child).orElseGet(() -> MarkOnce.root(0)));
    }

    private SpanBuilder linked(String step, Optional<Parent> message) {
        boolean sampled = message.filter(m -> m.context().isSampled()).isPresent();
        var span = tracer.spanBuilder(step).setParent(MarkOnce.root(sampled ? 1 : 0));
        message.ifPresent(m -> span.addLink(m.context()));
        return span;
    }

    private static Context child(Parent parent) {
        return Context.root().with(Span.wrap(parent.context()));
    }
}
