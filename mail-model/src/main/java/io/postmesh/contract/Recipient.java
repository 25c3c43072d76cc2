package io.postmesh.contract;

import io.postmesh.mail.MailAddress;

/// One recipient, with its position in the accepted envelope: mail id and position are the unit of truth (LEDGER L1).
public record Recipient(int position, MailAddress address) {
    public Recipient {
        if (position < 0) throw new IllegalArgumentException("position: 0 or more");
    }
}
