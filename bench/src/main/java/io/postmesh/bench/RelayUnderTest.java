package io.postmesh.bench;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A running relay that takes mail at its doors and passes it to the sink.
interface RelayUnderTest extends AutoCloseable {
    /// As printed: `postmesh dkim=1`.
    String name();

    /// Each takes its share of the mail.
    List<InetSocketAddress> doors();

    /// Its processes, by name; empty where it cannot be told whose a process is.
    Map<String, Long> processes();

    /// The most memory its processes ever held, resident, in octets; empty where that cannot be told.
    default Optional<Long> peakMemory() {
        return processes().values().stream().map(Memory::peakOfTree).reduce(Optional.empty(), RelayUnderTest::sum);
    }

    private static Optional<Long> sum(Optional<Long> some, Optional<Long> more) {
        return more.isEmpty() ? some : Optional.of(some.orElse(0L) + more.get());
    }

    @Override
    void close();
}
