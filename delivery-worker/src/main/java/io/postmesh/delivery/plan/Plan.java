package io.postmesh.delivery.plan;

import io.postmesh.contract.Reason;
import java.util.List;

/// Where to go with a mail, at this attempt.
public sealed interface Plan {
    /// In this order; never empty.
    record Try(List<Host> hosts) implements Plan {
        public Try {
            hosts = List.copyOf(hosts);
            if (hosts.isEmpty()) throw new IllegalArgumentException("a plan has a host");
        }
    }

    /// There is no such place, and waiting will not make one.
    record Never(Reason reason) implements Plan {}

    /// Nobody knows just now.
    record Later(Reason reason) implements Plan {}
}
