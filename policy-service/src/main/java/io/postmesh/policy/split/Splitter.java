package io.postmesh.policy.split;

import io.postmesh.contract.Envelope;
import io.postmesh.contract.Recipient;
import io.postmesh.contract.Route;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// Sorts recipients by next hop, in the order in which they were named.
///
/// @param route how mail leaves the mesh
/// @param most  recipients in one consignment: RFC 5321 §4.5.3.1.8 promises 100 at the receiver; half of that keeps
///              a retry small
public record Splitter(Route route, int most) {
    // A relay is one destination; where mail is placed by domain its recipients are on several partitions all the same.
    private record Hop(String destination, int partition) {}

    public List<Consignment> split(Envelope envelope) {
        var consignments = new ArrayList<Consignment>();
        byHop(envelope).forEach((hop, recipients) -> {
            for (int from = 0; from < recipients.size(); from += most) {
                var some = recipients.subList(from, Math.min(from + most, recipients.size()));
                consignments.add(new Consignment(route, hop.destination(), hop.partition(), some));
            }
        });
        return consignments;
    }

    private LinkedHashMap<Hop, List<Recipient>> byHop(Envelope envelope) {
        var groups = new LinkedHashMap<Hop, List<Recipient>>();
        for (var recipient : envelope.recipients())
            groups.computeIfAbsent(hop(envelope, recipient), _ -> new ArrayList<>())
                    .add(recipient);
        return groups;
    }

    private Hop hop(Envelope envelope, Recipient recipient) {
        var domain = recipient.address().domain().name();
        int partition = envelope.placement().partition(envelope.id(), domain);
        return switch (route) {
            case Route.Mx() -> new Hop(domain, partition);
            case Route.Relay(var name) -> new Hop(name, partition);
        };
    }
}
