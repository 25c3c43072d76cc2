package io.postmesh.contract;

import io.postmesh.mail.MailId;

/// The name of an action: a ULID, as a mail's.
public record ActionId(String text) {
    public ActionId {
        if (MailId.parse(text).isEmpty()) throw new IllegalArgumentException("not an action's id");
    }

    @Override
    public String toString() {
        return text;
    }
}
