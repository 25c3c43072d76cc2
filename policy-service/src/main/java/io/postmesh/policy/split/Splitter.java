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
    public List<Consignment> split(Envelope envelope) {
        var consignments = new ArrayList<Consignment>();
        byDestination(envelope.recipients()).forEach((destination, recipients) -> {
            int partition = envelope.placement().partition(envelope.id(), route, destination);
            for (int from = 0; from < recipients.size(); from += most) {
                var some = recipients.subList(from, Math.min(from + most, recipients.size()));
                consignments.add(new Consignment(route, destination, partition, some));
            }
        });
        return consignments;
    }

    private LinkedHashMap<String, List<Recipient>> byDestination(List<Recipient> recipients) {
        var groups = new LinkedHashMap<String, List<Recipient>>();
        for (var r : recipients)
            groups.computeIfAbsent(destination(r), _ -> new ArrayList<>()).add(r);
        return groups;
    }

    private String destination(Recipient recipient) {
        return switch (route) {
            case Route.Mx() -> recipient.address().domain().name();
            case Route.Relay(var name) -> name;
        };
    }
}
