package io.postmesh.contract;

import io.postmesh.mail.MailId;
import java.time.Instant;
import java.util.List;

/// One step of a message before delivery, for `mail.events`. (What happens at the remote is in `mail.outcomes`.)
///
/// Every step carries when the message was accepted, so policy's decision stands for [Stage#ACCEPTED], too: one record
/// a message there, not two.
public record Journey(
        MailId id, Stage stage, Instant at, Instant acceptedAt, String sender, List<String> recipients, String detail) {
    public enum Stage {
        ACCEPTED,
        CLEARED,
        HELD,
        REFUSED,
        SIGNED
    }

    public Journey {
        recipients = List.copyOf(recipients);
    }
}
