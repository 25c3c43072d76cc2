package io.postmesh.bench;

import io.postmesh.lab.Folders;
import io.postmesh.lab.cluster.Cluster;
import io.postmesh.lab.cluster.ClusterPlan;
import io.postmesh.lab.cluster.Member;
import io.postmesh.lab.cluster.ServiceName;
import io.postmesh.lab.dns.ToyDns;
import io.postmesh.lab.sink.SinkOptions;
import io.postmesh.lab.sink.SmtpSink;
import io.postmesh.runtime.kafka.KafkaSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Mail that waits, a million by default: how long a delivery worker takes to know it, with its index on the disk and
/// without, what heap that needs, and how fast it goes out when it is due.
@Command(
        name = "waiting",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Starts of one delivery process above waiting mail, its heap, and the release of what is due.")
final class WaitingCommand implements Callable<Integer> {
    private static final String WORKER = "delivery-1";
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final int PARTITIONS = 4;

    private static final Pattern UNFINISHED_NONE =
            Pattern.compile("^postmesh_delivery_index_unfinished(?:\\{[^}]*})? 0\\.0$", Pattern.MULTILINE);

    @Option(names = "--n", defaultValue = "1000000", description = "mails that wait")
    int mails;

    @Option(names = "--size", defaultValue = "4500", description = "octets of a mail as it is stored")
    int size;

    @Option(names = "--heap", defaultValue = "600m", description = "of the delivery process")
    String heap = "600m";

    @Option(
            names = "--due-in",
            defaultValue = "300",
            description = "seconds from the beginning to the first one due; the starts must be over by then")
    int dueIn;

    @Option(names = "--due-within", defaultValue = "600", description = "seconds from the first one due to the last")
    int dueWithin;

    @Option(names = "--release", defaultValue = "100", description = "seconds for which the release is counted")
    int release;

    @Option(names = "--dir", defaultValue = "/var/tmp", description = "a real disk; some 6 GB for a million")
    Path folder = Path.of("/var/tmp");

    @Option(names = "--class-path", description = "of mesh-local; by default what the launcher built")
    @Nullable
    String classPath;

    private final HttpClient client = HttpClient.newHttpClient();

    @Override
    public Integer call() throws Exception {
        var scratch = Files.createTempDirectory(Files.createDirectories(folder), "postmesh-bench");
        try (var sink = SmtpSink.start(new SinkOptions().countOnly());
                var dns = ToyDns.start("* MX 10 the-sink\nthe-sink A 127.0.0.1\n");
                var cluster = Cluster.start(plan(scratch, sink, dns))) {
            return measure(cluster, sink, scratch);
        } finally {
            Folders.delete(scratch);
        }
    }

    private ClusterPlan plan(Path scratch, SmtpSink sink, ToyDns dns) throws IOException {
        var home = Path.of(System.getProperty("postmesh.home", ".postmesh")).toAbsolutePath();
        var jars = classPath == null ? ClusterPlan.builtJars(home.resolveSibling(".")) : classPath;
        return new ClusterPlan(scratch, jars)
                .brokers(1)
                .copies(0)
                .copies(ServiceName.DELIVERY, 1)
                .java("-Xmx" + heap)
                .java("-XX:TieredStopAtLevel=4") // it is speed that is measured
                .java("-Xlog:gc:file=" + scratch + "/gc-%p.log")
                .set("POSTMESH_OWNER_PARTITIONS", Integer.toString(PARTITIONS))
                .set("POSTMESH_ACCEPTED_PARTITIONS", Integer.toString(PARTITIONS))
                .set("POSTFIX_myhostname", "bench.test")
                .set("POSTMESH_EGRESS", "loopback")
                .set("POSTMESH_DNS_SERVERS", "127.0.0.1:" + dns.port())
                .set("POSTMESH_DELIVERY_PORT", Integer.toString(sink.port()));
    }

    private int measure(Cluster cluster, SmtpSink sink, Path scratch) throws Exception {
        var worker = cluster.member(WORKER);
        worker.terminate(Duration.ofSeconds(90));
        var fill = new WaitingFill(KafkaSettings.oneNode(cluster.bootstrap()), PARTITIONS, size);
        long begun = System.nanoTime();
        var due = Instant.now().plusSeconds(dueIn);
        fill.fill(mails, due, Duration.ofSeconds(dueWithin));
        say("filled", "%,d mails of %d octets in %.1f s", mails, size, seconds(begun));
        start(cluster, worker, "first start, everything read", sink, fill);
        worker.terminate(Duration.ofSeconds(90));
        start(cluster, worker, "start with the index", sink, fill);
        worker.kill();
        start(cluster, worker, "start with the index, after kill -9", sink, fill);
        worker.kill();
        Folders.delete(scratch.resolve("mesh/waiting"));
        start(cluster, worker, "start without the index", sink, fill);
        return release(sink, worker, scratch) ? 0 : 1;
    }

    private void start(Cluster cluster, Member worker, String what, SmtpSink sink, WaitingFill fill) throws Exception {
        long before = sink.counters().messages();
        fill.arrives("new@fresh.test");
        long begun = System.nanoTime();
        worker.start();
        until(() -> sink.counters().messages() > before);
        double fresh = seconds(begun);
        until(() -> knowsAll(cluster));
        say(
                what,
                "new mail at its remote after %.1f s, all %,d known after %.1f s and %.1f s of processor",
                fresh,
                mails,
                seconds(begun),
                cpu(worker));
    }

    // Ready: all partitions are owned. What is due goes out meanwhile, so nothing is said about a count.
    private boolean knowsAll(Cluster cluster) {
        return ask(cluster, "/readyz").isPresent()
                && ask(cluster, "/metrics")
                        .filter(page -> UNFINISHED_NONE.matcher(page).find())
                        .isPresent();
    }

    private Optional<String> ask(Cluster cluster, String page) {
        try {
            var question = HttpRequest.newBuilder(URI.create(
                            "http://127.0.0.1:" + cluster.http(WORKER).getPort() + page))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            var answer = client.send(question, HttpResponse.BodyHandlers.ofString());
            return Optional.of(answer.body()).filter(_ -> answer.statusCode() == 200);
        } catch (IOException e) {
            return Optional.empty(); // it is starting
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    // Beside the time that passed: it says what a machine needs that has nothing else to do.
    private static double cpu(Member worker) {
        return ProcessHandle.of(worker.pid())
                .flatMap(process -> process.info().totalCpuDuration())
                .map(used -> used.toMillis() / 1e3)
                .orElse(0.0);
    }

    // From the thousandth one on, so that the first ones, while there are few, do not count.
    private boolean release(SmtpSink sink, Member worker, Path scratch) throws Exception {
        long idle = sink.counters().messages();
        until(() -> sink.counters().messages() > idle + 1_000);
        Thread.sleep(Duration.ofSeconds(20)); // for the compiler
        long before = sink.counters().messages();
        long begun = System.nanoTime();
        double used = cpu(worker);
        Thread.sleep(Duration.ofSeconds(release));
        long released = sink.counters().messages() - before;
        double took = seconds(begun);
        double each = 1e3 * (cpu(worker) - used) / Math.max(1, released);
        say(
                "released",
                "%,d of the due in %.1f s: %.0f a second, %.2f ms of processor each",
                released,
                took,
                released / took,
                each);
        long resident = Memory.peakOfTree(worker.pid()).orElse(0L) >> 20;
        say(
                "memory",
                "heap after collections at most %s, resident %d MiB at most",
                heapPeak(scratch, worker),
                resident);
        return released > 0;
    }

    private static String heapPeak(Path scratch, Member worker) throws IOException {
        var log = Files.readString(scratch.resolve("gc-" + worker.pid() + ".log"));
        int peak = Pattern.compile("->(\\d+)M\\(")
                .matcher(log)
                .results()
                .mapToInt(found -> Integer.parseInt(found.group(1)))
                .max()
                .orElse(0);
        return peak + " MiB";
    }

    private static void until(BooleanSupplier fact) throws CannotMeasure, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!fact.getAsBoolean()) {
            if (System.nanoTime() > deadline)
                throw new CannotMeasure("waited " + PATIENCE.toMinutes() + " minutes in vain");
            Thread.sleep(50);
        }
    }

    private static double seconds(long begun) {
        return (System.nanoTime() - begun) / 1e9;
    }

    private static void say(String what, String format, Object... values) {
        System.out.println(what + ": " + String.format(Locale.ROOT, format, values));
    }
}
