package io.postmesh.ingress.session;

import io.postmesh.mail.SmtpReply;

/// A reply and what it means for the session's patience and for the meters.
public record Answer(SmtpReply reply, Remark remark) {
    static Answer of(int code, String text, Remark remark) {
        return new Answer(SmtpReply.of(code, text), remark);
    }
}
