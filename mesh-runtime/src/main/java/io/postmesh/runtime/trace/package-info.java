/// One message's way through the mesh, as spans: W3C trace context in Kafka record headers, OTLP to a receiver.
///
/// Way in: [io.postmesh.runtime.trace.Trace]; a process opens it with [io.postmesh.runtime.trace.TraceExport].
/// Standards: W3C Trace Context, `traceparent`; OTLP 1.x over HTTP with Protobuf; OpenTelemetry's names for messaging.
/// Absent on purpose: mail addresses in spans; `tracestate`; Kafka interceptors.
/// Known gaps: a span of a stage ends when its work is done, before its transaction is committed; private certificate
/// authorities of a receiver are Java's trust store's business.
@NullMarked
package io.postmesh.runtime.trace;

import org.jspecify.annotations.NullMarked;
