package io.postmesh.ingress.space;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Asks about disks, with a deadline.
interface Question extends AutoCloseable {

    /// @param disks  by who said so; what it does not tell the size of is not among them
    /// @param silent who ought to have answered and did not: what they said last stands for a while
    record Answers(Map<String, List<Disk>> disks, Set<String> silent) {}

    /// @throws IOException when nobody answered
    Answers ask() throws IOException;

    /// Whether it is a Kafka that does not answer when this one is not answered.
    boolean isOfKafka();

    @Override
    void close();
}
