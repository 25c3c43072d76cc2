package io.postmesh.policy.split;

import io.postmesh.contract.Recipient;
import io.postmesh.contract.Route;
import java.util.List;

/// Some recipients of a message that share a next hop.
///
/// @param destination the queue in delivery: the recipients' domain, or the relay's name
/// @param partition   of `mail.cleared` and all that follows, for ever (LEDGER L2)
public record Consignment(Route route, String destination, int partition, List<Recipient> recipients) {
    public Consignment {
        recipients = List.copyOf(recipients);
    }

    public int[] positions() {
        return recipients.stream().mapToInt(Recipient::position).toArray();
    }
}
