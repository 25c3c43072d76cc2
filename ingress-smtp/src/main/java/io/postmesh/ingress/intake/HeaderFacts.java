package io.postmesh.ingress.intake;

import io.postmesh.mail.Domain;
import java.util.Optional;

/// What later rooms need to know of a header section.
///
/// @param messageId   as written; empty when there is none
/// @param traceparent as written, and so perhaps no trace context; empty when there is none
record HeaderFacts(
        Optional<Domain> fromDomain, boolean hasDate, Optional<String> messageId, Optional<String> traceparent) {}
