package io.postmesh.embedded;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;

/// Brokers on this machine that are one cluster; each is a controller, too.
///
/// @param seats the first is node 1
public record Quorum(List<Seat> seats) {

    /// @param port           for other brokers, and for clients unless they have a way of their own
    /// @param controllerPort for the metadata quorum
    public record Seat(int port, int controllerPort, Optional<Way> way) {
        public Seat(int port, int controllerPort) {
            this(port, controllerPort, Optional.empty());
        }

        /// `19092/19093`, or with a way for clients `19092/19093/19094/19095`
        static Seat parse(String text) {
            var ports = Arrays.stream(text.split("/", -1)).map(Integer::valueOf).toList();
            return switch (ports.size()) {
                case 2 -> new Seat(ports.get(0), ports.get(1));
                case 4 -> new Seat(ports.get(0), ports.get(1), Optional.of(new Way(ports.get(2), ports.get(3))));
                default ->
                    throw new IllegalArgumentException(
                            "write port/controller-port, perhaps with /way-port/told-port, not " + text);
            };
        }

        int clientPort() {
            return way.map(Way::told).orElse(port);
        }

        @Override
        public String toString() {
            return port + "/" + controllerPort
                    + way.map(w -> "/" + w.port + "/" + w.told).orElse("");
        }
    }

    /// How clients come in where somebody stands between them and the broker.
    ///
    /// @param port the broker listens at
    /// @param told to clients: who listens there passes on what they say
    public record Way(int port, int told) {}

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
        return seats.stream().map(seat -> "127.0.0.1:" + seat.clientPort()).collect(Collectors.joining(","));
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
