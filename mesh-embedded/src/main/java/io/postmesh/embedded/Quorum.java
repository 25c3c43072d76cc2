package io.postmesh.embedded;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;

/// Brokers on this machine that are one cluster; each is a controller, too.
///
/// @param seats the first is node 1
public record Quorum(List<Seat> seats) {

    /// @param port           for clients and other brokers
    /// @param controllerPort for the metadata quorum
    public record Seat(int port, int controllerPort) {
        /// `19092/19093`
        static Seat parse(String text) {
            var ports = text.split("/", -1);
            if (ports.length != 2) throw new IllegalArgumentException("write port/controller-port, not " + text);
            return new Seat(Integer.parseInt(ports[0]), Integer.parseInt(ports[1]));
        }

        @Override
        public String toString() {
            return port + "/" + controllerPort;
        }
    }

    public Quorum {
        if (seats.isEmpty()) throw new IllegalArgumentException("a quorum has one node or more");
        seats = List.copyOf(seats);
    }

    static Quorum of(int port, int controllerPort) {
        return new Quorum(List.of(new Seat(port, controllerPort)));
    }

    static Quorum parse(List<String> seats) {
        return new Quorum(seats.stream().map(Seat::parse).toList());
    }

    Seat seat(int node) {
        return seats.get(node - 1);
    }

    boolean isCluster() {
        return seats.size() > 1;
    }

    /// For clients: every broker.
    public String bootstrap() {
        return seats.stream().map(seat -> "127.0.0.1:" + seat.port).collect(Collectors.joining(","));
    }

    String voters() {
        var voters = new ArrayList<String>();
        for (int node = 1; node <= seats.size(); node++) voters.add(node + "@127.0.0.1:" + seat(node).controllerPort);
        return String.join(",", voters);
    }

    /// The same on every node, before they have met.
    Uuid clusterId() {
        var id = UUID.nameUUIDFromBytes(voters().getBytes(US_ASCII));
        return new Uuid(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }
}
