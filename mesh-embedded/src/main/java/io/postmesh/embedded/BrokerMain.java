package io.postmesh.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// One broker of a cluster on this machine as a process of its own, for the workshop: it can be killed, stopped and
/// started again on its folder without the others.
///
/// Prints `ready <bootstrap>` once it takes requests; that needs a majority of the nodes.
public final class BrokerMain {
    private static final int FAILED = 1;
    private static final int USAGE = 64; // EX_USAGE of sysexits.h

    private BrokerMain() {}

    /// `BrokerMain <folder> <node> <port/controller-port[/way-port/told-port]>...`, the seats of all nodes in order.
    public static void main(String[] arguments) {
        if (arguments.length < 3) {
            System.err.println("usage: BrokerMain <folder> <node> <port/controller-port>...");
            System.exit(USAGE);
        }
        System.exit(run(
                Path.of(arguments[0]),
                Integer.parseInt(arguments[1]),
                Quorum.parse(List.of(arguments).subList(2, arguments.length))));
    }

    // It ends by a signal, or because the broker gave up.
    private static int run(Path folder, int node, Quorum quorum) {
        try (var broker = EmbeddedKafka.start(folder, quorum, node)) {
            // A stop hands the partitions to the other brokers first.
            Runtime.getRuntime()
                    .addShutdownHook(Thread.ofPlatform().name("stop").unstarted(broker::close));
            System.out.println("ready " + broker.bootstrap());
            System.err.println("broker " + node + " gave up: " + broker.died().join());
        } catch (IOException e) {
            System.err.println(e.getMessage());
        }
        return FAILED;
    }
}
