package io.postmesh.contract;

/// One record of a mail topic: the envelope, the header section, the body as stored.
///
/// `headers` ends with the empty line that separates it from the body (where the message has one), so what goes over
/// the wire is always `headers` followed by the decoded body, and a field is added by prepending to `headers`.
/// The arrays are shared, not copied: whoever holds a record does not write into it.
///
/// @param body empty when the body is in the blob store
public record MailRecord(Envelope envelope, Slice headers, Slice body) {}
