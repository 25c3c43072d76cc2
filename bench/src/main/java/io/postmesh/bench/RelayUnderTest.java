package io.postmesh.bench;

import java.net.InetSocketAddress;
import java.util.Optional;

/// A running relay that takes mail at one address and passes it to the sink.
interface RelayUnderTest extends AutoCloseable {
    /// As printed: `postmesh dkim=1`.
    String name();

    InetSocketAddress smtp();

    /// The most memory its processes ever held, resident, in octets; empty where that cannot be told.
    Optional<Long> peakMemory();

    @Override
    void close();
}
