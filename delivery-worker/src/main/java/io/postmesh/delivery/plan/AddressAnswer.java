package io.postmesh.delivery.plan;

import java.net.InetAddress;
import java.util.List;

/// What the DNS says about a host's addresses, A and AAAA together.
public sealed interface AddressAnswer {
    record Found(List<InetAddress> addresses) implements AddressAnswer {
        public Found {
            addresses = List.copyOf(addresses);
        }
    }

    /// The name has no address, or does not exist.
    record None() implements AddressAnswer {}

    /// Nobody could say.
    record Unsure(String why) implements AddressAnswer {}
}
