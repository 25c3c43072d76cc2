package io.postmesh.bench;

import io.postmesh.lab.Folders;
import io.postmesh.lab.load.Latencies;
import io.postmesh.lab.load.LoadGen;
import io.postmesh.lab.load.LoadPlan;
import io.postmesh.lab.load.Witness.Accepted;
import io.postmesh.lab.sink.Received;
import io.postmesh.lab.sink.SinkOptions;
import io.postmesh.lab.sink.SmtpSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// From the client's 250 to the remote's 250, at a gentle pace.
@Command(
        name = "latency",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Time from accepted to the remote's 250, at a fixed rate.")
final class LatencyCommand implements Callable<Integer> {
    private static final Duration LATE = Duration.ofSeconds(30);

    @Option(names = "--rate", defaultValue = "20", description = "messages a second")
    double rate;

    @Option(names = "--n", defaultValue = "1200", description = "messages")
    int messages;

    @Option(names = "--size", defaultValue = "20000", description = "octets of a message, about")
    int size;

    @Option(names = "--dkim", defaultValue = "1", description = "1: RSA-2048 signature; 0: none")
    int dkim;

    @Option(names = "--warmup", defaultValue = "2000", description = "messages before, at full speed")
    int warmUp;

    @Option(names = "--dir", defaultValue = "/var/tmp", description = "a real disk: fsync is part of what is measured")
    Path folder = Path.of("/var/tmp");

    private final ConcurrentHashMap<String, Instant> acceptedAt = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Instant> remoteAt = new ConcurrentHashMap<>();

    @Override
    public Integer call() throws CannotMeasure, IOException, InterruptedException {
        var scratch = Files.createTempDirectory(Files.createDirectories(folder), "postmesh-bench");
        // One message in memory is enough: it makes the sink keep octets, so the Message-ID can be read.
        try (var sink = SmtpSink.start(new SinkOptions().memory(1));
                var relay = PostmeshProcess.start(scratch, sink.address(), dkim == 1)) {
            sink.onReceived(this::arrived);
            if (warmUp > 0) send(relay, warmUp, 0, 2);
            awaitArrival(sink, warmUp);
            acceptedAt.clear();
            remoteAt.clear();
            var report = send(relay, messages, rate, 1);
            awaitArrival(sink, warmUp + messages);
            System.out.println(line(relay, report.latencies()));
            return remoteAt.size() == messages ? 0 : 1;
        } finally {
            Folders.delete(scratch);
        }
    }

    private io.postmesh.lab.load.LoadReport send(RelayUnderTest relay, int count, double pace, long seed) {
        var plan = new LoadPlan(relay.doors().getFirst())
                .messages(count)
                .sessions(10)
                .rate(pace)
                .size(size)
                .seed(seed);
        return LoadGen.run(plan.from(Sender.FROM), this::accepted);
    }

    private void accepted(Accepted mail) {
        acceptedAt.put(mail.messageId(), mail.at());
    }

    private void arrived(Received mail) {
        mail.headers().first("message-id").ifPresent(field -> remoteAt.putIfAbsent(field.value(), mail.at()));
    }

    private static void awaitArrival(SmtpSink sink, int count) throws InterruptedException {
        long deadline = System.nanoTime() + LATE.toNanos();
        while (sink.counters().messages() < count && System.nanoTime() < deadline) Thread.sleep(10);
        Thread.sleep(200); // the last listener's call
    }

    private String line(RelayUnderTest relay, Latencies acceptance) {
        var remote = new Latencies();
        acceptedAt.forEach((id, at) -> {
            var there = remoteAt.get(id);
            if (there != null) remote.add(Duration.between(at, there));
        });
        return String.format(
                Locale.ROOT,
                "%s size=%d rate=%.0f/s: accepted to remote 250: %s (%d of %d msgs); dot to 250: %s",
                relay.name(),
                size,
                rate,
                remote,
                remoteAt.size(),
                messages,
                acceptance);
    }
}
