package io.postmesh.bench;

import io.postmesh.lab.load.LoadGen;
import io.postmesh.lab.load.LoadPlan;
import io.postmesh.lab.load.Sample;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// What puts mail into the relay. Each returns when the last message is accepted.
sealed interface Sender {
    String FROM = "orders@" + DkimKey.DOMAIN;

    /// @param size     octets of a message, about
    /// @param sessions connections at the same time
    record Letters(int size, int sessions) {}

    void send(int count, Letters letters, InetSocketAddress relay)
            throws CannotMeasure, IOException, InterruptedException;

    /// Debian's smtp-source: one realistic letter again and again, a connection for each, no pipelining.
    record DebianSource(Path folder) implements Sender {
        @Override
        public void send(int count, Letters letters, InetSocketAddress relay)
                throws CannotMeasure, IOException, InterruptedException {
            var letter = folder.resolve("letter-" + letters.size() + ".txt");
            if (!Files.exists(letter)) Files.write(letter, Sample.withLineFeeds(letters.size()));
            var command = List.of(
                    Program.path("smtp-source", "postfix"),
                    "-s",
                    String.valueOf(letters.sessions()),
                    "-m",
                    String.valueOf(count),
                    "-f",
                    FROM,
                    "-t",
                    "customer@shop.test",
                    "-F",
                    letter.toString(),
                    Ports.text(relay));
            var program = Program.start(folder.resolve("smtp-source.log"), Map.of(), command);
            if (program.await() != 0) throw new CannotMeasure("smtp-source failed: " + program.lastLines());
        }

        @Override
        public String toString() {
            return "smtp-source";
        }
    }

    /// Our generator: every letter different, 1,000 domains, pooled connections with PIPELINING.
    record OwnGenerator() implements Sender {
        @Override
        public void send(int count, Letters letters, InetSocketAddress relay) throws CannotMeasure {
            var report = LoadGen.run(new LoadPlan(relay)
                    .messages(count)
                    .sessions(letters.sessions())
                    .size(letters.size())
                    .domains(1_000)
                    .from(FROM));
            if (report.accepted() != count) throw new CannotMeasure("not everything was accepted: " + report);
        }

        @Override
        public String toString() {
            return "own generator";
        }
    }
}
