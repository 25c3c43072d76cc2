package io.postmesh.bench;

import io.postmesh.bench.Measurement.Result;
import io.postmesh.bench.Sender.Letters;
import io.postmesh.lab.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;

/// Sender -> relay -> smtp-sink, for Postmesh and its peers in turn.
@Command(
        name = "relay",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Messages a second from sender to smtp-sink, through Postmesh and, if asked, Postfix.")
final class RelayCommand implements Callable<Integer> {
    enum Generator {
        source,
        own,
        both
    }

    enum Peer {
        postfix
    }

    @Option(names = "--n", defaultValue = "20000", description = "messages")
    int messages;

    @Option(names = "--size", defaultValue = "20000", description = "octets of a message, about")
    int size;

    @Option(names = "--sessions", defaultValue = "50", description = "connections of the sender")
    int sessions;

    @Option(names = "--dkim", defaultValue = "1", description = "1: RSA-2048 signature; 0: none")
    int dkim;

    @Option(names = "--generator", defaultValue = "both", description = "${COMPLETION-CANDIDATES}")
    Generator generator = Generator.both;

    @Option(
            names = "--vs",
            showDefaultValue = Visibility.NEVER,
            description = "also measures this: alone, and with OpenDKIM (${COMPLETION-CANDIDATES})")
    List<Peer> peers = List.of();

    @Option(
            names = "--nodes",
            defaultValue = "1",
            description = "2 or more: after the one node, a cluster of so many processes of each service on three"
                    + " brokers, all on this machine")
    int nodes;

    @Option(
            names = "--warmup",
            defaultValue = "40000",
            description = "messages before Postmesh's clock starts: so many until Java has compiled what is hot")
    int warmUp;

    @Option(names = "--dir", defaultValue = "/var/tmp", description = "a real disk: fsync is part of what is measured")
    Path folder = Path.of("/var/tmp");

    @Override
    public Integer call() throws CannotMeasure, IOException, InterruptedException {
        var results = new ArrayList<Result>();
        var scratch = Files.createTempDirectory(Files.createDirectories(folder), "postmesh-bench");
        Permissions.letOthersThrough(scratch); // Postfix drops root
        try {
            for (var sender : senders(scratch)) {
                var node = measured(new Postmesh(dkim == 1), sender, scratch);
                results.add(node);
                if (nodes > 1) {
                    var cluster = measured(new PostmeshCluster(dkim == 1, nodes), sender, scratch);
                    results.add(cluster);
                    Ratios.of(List.of(cluster, node)).forEach(System.out::println);
                }
                if (peers.isEmpty()) continue;
                results.add(measured(new Postfix(false), sender, scratch));
                results.add(measured(new Postfix(true), sender, scratch));
                var relays = new ArrayList<>(results.subList(results.size() - 2, results.size()));
                relays.addFirst(node);
                Ratios.of(relays).forEach(System.out::println);
            }
        } finally {
            Folders.delete(scratch);
        }
        return results.stream().allMatch(Result::isExact) ? 0 : 1;
    }

    /// What can be started for one measurement and thrown away after it.
    private sealed interface Kind {
        RelayUnderTest start(Path folder, DebianSink sink) throws CannotMeasure, IOException, InterruptedException;

        /// How many messages it takes to run as it will.
        default int warmUp(int asked) {
            return asked;
        }
    }

    private record Postmesh(boolean dkim) implements Kind {
        @Override
        public RelayUnderTest start(Path folder, DebianSink sink)
                throws CannotMeasure, IOException, InterruptedException {
            return PostmeshProcess.start(folder, sink.address(), dkim);
        }
    }

    private record PostmeshCluster(boolean dkim, int copies) implements Kind {
        @Override
        public RelayUnderTest start(Path folder, DebianSink sink) throws CannotMeasure, IOException {
            return ClusterProcesses.start(folder, sink.address(), dkim, copies);
        }
    }

    private record Postfix(boolean dkim) implements Kind {
        @Override
        public RelayUnderTest start(Path folder, DebianSink sink)
                throws CannotMeasure, IOException, InterruptedException {
            return PostfixProcess.start(folder, sink.address(), dkim);
        }

        // Nothing to compile; a few, so that all its processes are there.
        @Override
        public int warmUp(int asked) {
            return Math.min(asked, 2_000);
        }
    }

    private Result measured(Kind kind, Sender sender, Path scratch)
            throws CannotMeasure, IOException, InterruptedException {
        var own = Files.createTempDirectory(
                scratch, kind.getClass().getSimpleName().toLowerCase(Locale.ROOT));
        Permissions.letOthersThrough(own);
        try (var sink = DebianSink.start(own);
                var relay = kind.start(own, sink)) {
            var result = new Measurement(relay, sink, sender, new Letters(size, sessions))
                    .run(messages, kind.warmUp(warmUp));
            System.out.println(result);
            return result;
        }
    }

    private List<Sender> senders(Path scratch) {
        return switch (generator) {
            case source -> List.of(new Sender.DebianSource(scratch));
            case own -> List.of(new Sender.OwnGenerator());
            case both -> List.of(new Sender.DebianSource(scratch), new Sender.OwnGenerator());
        };
    }
}
