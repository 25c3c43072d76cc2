package io.postmesh.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postmesh.lab.cluster.Cluster;
import io.postmesh.lab.cluster.ClusterPlan;
import io.postmesh.lab.cluster.Member;
import io.postmesh.lab.cluster.ServiceName;
import io.postmesh.lab.load.LoadGen;
import io.postmesh.lab.load.LoadPlan;
import io.postmesh.lab.sink.Received;
import io.postmesh.lab.sink.SinkOptions;
import io.postmesh.lab.sink.SmtpSink;
import io.postmesh.mail.Domain;
import io.postmesh.signer.keys.KeyFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// The mesh as an operator runs it: three brokers, a Redis, two processes of each service. One of each dies under load,
/// comes back, and nobody is missing. On an idle machine with two cores it takes two minutes.
@Timeout(900)
class ServicesApartTest {
    private static final List<String> VICTIMS = List.of("policy-1", "signer-2", "delivery-1", "ingress-1", "broker-2");
    private static final Duration PATIENCE = Duration.ofSeconds(180); // a test that passes does not wait so long
    private static final double RATE = 4; // messages a second, at each of the two doors
    private static final int RECIPIENTS = 2;
    private static final Pattern MESSAGE_ID = Pattern.compile("(?mi)^Message-ID:\\s*(<[^>]+>)");
    private static final Pattern IN_DOUBT = Pattern.compile("taken over.*in-doubt=(\\d+)");
    private static final Pattern AUDIT = Pattern.compile("audit: recipients=\\d+ missing=(\\d+)");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS) // what the processes printed is wanted after a failure
    private Path folder;

    private final Set<String> promised = ConcurrentHashMap.newKeySet();
    private final Queue<String> arrivals = new ConcurrentLinkedQueue<>();

    @Test
    void oneOfEachServiceAndABrokerAreKilledInTurnAndEachAcceptedRecipientArrivesSigned() throws Exception {
        KeyFolder.generate(keys(), Domain.parse("demo.test").orElseThrow(), "mail");
        var options = new SinkOptions().memory(1).folder(mails()).folderKeeps(Integer.MAX_VALUE);
        try (var sink = SmtpSink.start(options)) {
            sink.onReceived(this::arrived);
            sink.rules().add("* DOT late 1s"); // so there are deliveries past their dot whenever a worker dies
            List<ProcessHandle> processes;
            try (var cluster = Cluster.start(plan(sink))) {
                killInTurn(cluster);
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(missing()).isEmpty());
                processes = handles(cluster);
                cluster.stop();
                assertThat(cluster.members()).noneMatch(Member::isRunning);
                // A recipient may be served twice only where a kill came between a dot and its noted reply.
                assertThat(arrivals.size() - Set.copyOf(arrivals).size()).isLessThanOrEqualTo(inDoubt(cluster));
                assertThat(numbers(AUDIT, cluster)).isNotEmpty().containsOnly(0);
            }
            assertThat(processes).hasSize(12).noneMatch(ProcessHandle::isAlive);
            assertThat(promised).hasSizeGreaterThan(300);
        }
        Signatures.verifyFolder(mails(), keys());
    }

    private void killInTurn(Cluster cluster) throws Exception {
        var loads = List.of(
                Thread.ofVirtual().start(load(cluster, 1)), Thread.ofVirtual().start(load(cluster, 2)));
        for (var victim : VICTIMS) {
            awaitArrivals(30, "before the kill of " + victim);
            cluster.member(victim).kill();
            cluster.member(victim).start();
            awaitArrivals(30, "after the kill of " + victim); // the others go on
            cluster.member(victim).awaitReady(PATIENCE);
        }
        awaitArrivals(30, "after all kills");
        loads.forEach(Thread::interrupt);
        for (var load : loads) load.join();
    }

    private ClusterPlan plan(SmtpSink sink) {
        return new ClusterPlan(
                        folder.resolve("cluster"),
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")))
                .brokers(3)
                .copies(2)
                .patience(PATIENCE)
                .java("-Dlogback.configurationFile=logback.xml") // the program's, not the tests'
                .set("ALLOWED_SENDER_DOMAINS", "demo.test")
                .set("RELAYHOST", "[127.0.0.1]:" + sink.port())
                .set("POSTMESH_DKIM_KEYS", keys().toString())
                .set("POSTMESH_ACCEPTED_PARTITIONS", "4")
                .set("POSTMESH_OWNER_PARTITIONS", "4")
                .set("POSTMESH_BODY_INLINE_MAX", "1KiB") // bodies lie in the folder all share
                .set("POSTMESH_RETRY_SCHEDULE", "1s")
                .set("POSTMESH_AUDIT_EVERY", "5s"); // by the worker that has the first partition, whoever it is
    }

    private void awaitArrivals(int more, String when) {
        int goal = arrivals.size() + more;
        await("mail arrives " + when)
                .pollInterval(Duration.ofMillis(50))
                .atMost(PATIENCE)
                .until(() -> arrivals.size() >= goal);
    }

    // More than is ever sent; it ends when it is interrupted.
    private Runnable load(Cluster cluster, int door) throws IOException {
        var plan = new LoadPlan(cluster.smtp(door))
                .messages(100_000)
                .sessions(4)
                .rate(RATE)
                .recipients(RECIPIENTS)
                .size(6_000)
                .seed(System.nanoTime() + door);
        return () -> {
            var _ = LoadGen.run(plan, accepted -> {
                for (var to : accepted.recipients()) promised.add(accepted.messageId() + " " + to);
            });
        };
    }

    private void arrived(Received mail) {
        var found = MESSAGE_ID.matcher(mail.text());
        var id = found.find() ? found.group(1) : "none";
        mail.recipients().forEach(to -> arrivals.add(id + " " + to));
    }

    private Set<String> missing() {
        var arrived = Set.copyOf(arrivals);
        return promised.stream().filter(one -> !arrived.contains(one)).collect(Collectors.toSet());
    }

    // What those who took over found half done.
    private static int inDoubt(Cluster cluster) throws IOException {
        return numbers(IN_DOUBT, cluster).stream().mapToInt(Integer::intValue).sum();
    }

    private static List<Integer> numbers(Pattern line, Cluster cluster) throws IOException {
        var numbers = new ArrayList<Integer>();
        for (var worker : cluster.copies(ServiceName.DELIVERY)) {
            for (var output : worker.outputs()) {
                line.matcher(Files.readString(output))
                        .results()
                        .forEach(found -> numbers.add(Integer.parseInt(found.group(1))));
            }
        }
        return numbers;
    }

    private static List<ProcessHandle> handles(Cluster cluster) {
        return cluster.members().stream()
                .flatMap(member -> ProcessHandle.of(member.pid()).stream())
                .toList();
    }

    private Path keys() {
        return folder.resolve("keys");
    }

    private Path mails() {
        return folder.resolve("mails");
    }
}
