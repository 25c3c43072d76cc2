package io.postmesh.lab.faults;

import java.util.List;

/// A delivery status notification (RFC 3464) that reached the sender.
///
/// @param mailId     what the door called the failed mail
/// @param recipients its Final-Recipient fields
public record Report(String mailId, List<String> recipients) {
    public Report {
        recipients = List.copyOf(recipients);
    }
}
