package io.postmesh.lab.faults;

import io.postmesh.lab.load.Witness.Accepted;
import io.postmesh.lab.load.Witness.Refused;
import java.util.List;

/// What driver, sink and injector saw of one run. Values only: [Judge] needs no mesh.
public record Evidence(
        List<Accepted> accepted,
        List<Refused> refused,
        List<Delivery> deliveries,
        List<Report> reports,
        List<Injection> injections) {
    public Evidence {
        accepted = List.copyOf(accepted);
        refused = List.copyOf(refused);
        deliveries = List.copyOf(deliveries);
        reports = List.copyOf(reports);
        injections = List.copyOf(injections);
    }
}
