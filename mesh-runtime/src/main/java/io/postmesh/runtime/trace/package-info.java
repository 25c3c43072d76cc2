/// One message's way through the mesh, as W3C trace context in Kafka record headers.
///
/// Way in: [io.postmesh.runtime.trace.Trace].
/// Standards: W3C Trace Context, `traceparent`.
/// Known gaps: no exporter yet; the ids travel and are logged.
@NullMarked
package io.postmesh.runtime.trace;

import org.jspecify.annotations.NullMarked;
