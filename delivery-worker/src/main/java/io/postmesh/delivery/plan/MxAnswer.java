package io.postmesh.delivery.plan;

import java.util.List;

/// What the DNS says about a domain's mail hosts.
public sealed interface MxAnswer {
    /// The hosts; the domain itself where it has no MX record (RFC 5321 §5.1, the implicit MX).
    record Hosts(List<Mx> hosts) implements MxAnswer {
        public Hosts {
            hosts = List.copyOf(hosts);
        }
    }

    /// The domain takes no mail (RFC 7505).
    record NullMx() implements MxAnswer {}

    /// The domain does not exist.
    record Missing() implements MxAnswer {}

    /// Nobody could say: a time-out, SERVFAIL, or nonsense. It never bounces mail.
    record Unsure(String why) implements MxAnswer {}

    record Mx(int preference, String host) {}
}
