package io.postmesh.delivery.owner;

import io.postmesh.contract.BadRecord;
import io.postmesh.contract.MailRecord;
import io.postmesh.contract.RecordCodec;
import io.postmesh.runtime.trace.Trace;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/// Reads records of `mail.signed`, where they are new and where they wait in `mail.waiting.bodies`.
final class Signed {
    private Signed() {}

    static MailRecord mail(byte @Nullable [] value) throws BadRecord {
        if (value == null) throw new BadRecord("a record without a value");
        var mail = RecordCodec.decode(value);
        if (mail.envelope().clearance().isEmpty()) throw new BadRecord("mail that policy has not cleared");
        return mail;
    }

    /// What is handed on to the next topic.
    static List<Header> trace(Headers headers) {
        var header = headers.lastHeader(Trace.HEADER);
        return header == null ? List.of() : List.of(header);
    }
}
