package io.postmesh.runtime.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanBuilder;
import io.postmesh.runtime.kafka.InRecord;

/// What spans of the mesh tell. OpenTelemetry's own names where it has them (semantic conventions of messaging, still
/// in development there), ours under `postmesh.`.
public final class Names {
    public static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("messaging.system");
    public static final AttributeKey<String> OPERATION = AttributeKey.stringKey("messaging.operation.type");
    public static final AttributeKey<String> TOPIC = AttributeKey.stringKey("messaging.destination.name");
    public static final AttributeKey<String> PARTITION = AttributeKey.stringKey("messaging.destination.partition.id");
    public static final AttributeKey<Long> OFFSET = AttributeKey.longKey("messaging.kafka.offset");
    public static final AttributeKey<Long> OCTETS = AttributeKey.longKey("messaging.message.body.size");
    public static final AttributeKey<String> HOST = AttributeKey.stringKey("server.address");
    public static final AttributeKey<Long> PORT = AttributeKey.longKey("server.port");
    public static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");

    public static final AttributeKey<String> MAIL = AttributeKey.stringKey("postmesh.mail.id");
    public static final AttributeKey<Long> RECIPIENTS = AttributeKey.longKey("postmesh.recipients");
    public static final AttributeKey<String> VERDICT = AttributeKey.stringKey("postmesh.verdict");
    public static final AttributeKey<String> RULE = AttributeKey.stringKey("postmesh.rule");
    public static final AttributeKey<Long> RECORDS = AttributeKey.longKey("postmesh.records");
    public static final AttributeKey<String> SIGNED = AttributeKey.stringKey("postmesh.signed");
    public static final AttributeKey<String> DESTINATION = AttributeKey.stringKey("postmesh.destination");
    public static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("postmesh.attempt");
    public static final AttributeKey<String> TLS = AttributeKey.stringKey("postmesh.tls");
    public static final AttributeKey<Long> DELIVERED = AttributeKey.longKey("postmesh.delivered");
    public static final AttributeKey<Long> DEFERRED = AttributeKey.longKey("postmesh.deferred");
    public static final AttributeKey<Long> FAILED = AttributeKey.longKey("postmesh.failed");
    public static final AttributeKey<String> REPORTED = AttributeKey.stringKey("postmesh.reported.mail.id");
    public static final AttributeKey<Long> REPLY = AttributeKey.longKey("smtp.reply.code");
    public static final AttributeKey<Boolean> REUSED = AttributeKey.booleanKey("postmesh.connection.reused");

    private Names() {}

    static void process(SpanBuilder span, InRecord in) {
        span.setAttribute(SYSTEM, "kafka")
                .setAttribute(OPERATION, "process")
                .setAttribute(TOPIC, in.topic().topic())
                .setAttribute(PARTITION, Integer.toString(in.partition()))
                .setAttribute(OFFSET, in.offset());
    }
}
