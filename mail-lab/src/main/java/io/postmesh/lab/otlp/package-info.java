/// A receiver of traces, for tests: what the mesh exports, as it arrives.
///
/// Way in: [io.postmesh.lab.otlp.SpanReceiver#open]. Whoever uses it brings `opentelemetry-proto`.
/// Standards: OTLP 1.x over HTTP, Protobuf.
@NullMarked
package io.postmesh.lab.otlp;

import org.jspecify.annotations.NullMarked;
