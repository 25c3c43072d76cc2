package io.postmesh.image;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;

/// The four services, a Kafka, a Redis and a sink, each a container on one network.
final class ImageMesh implements AutoCloseable {
    private static final Duration LONG = Duration.ofMinutes(4); // to the sink, also after a kill, on a busy machine
    private static final Duration ASK = Duration.ofSeconds(5);

    private final Network network = Network.newNetwork();
    private final String volume = "postmesh-test-" + UUID.randomUUID();
    private final Deque<GenericContainer<?>> started = new ArrayDeque<>();
    private final HttpClient http = HttpClient.newHttpClient();

    final GenericContainer<?> kafka;
    final GenericContainer<?> redis;
    final GenericContainer<?> sink;
    final GenericContainer<?> ingress;
    final GenericContainer<?> policy;
    final GenericContainer<?> signer;
    final GenericContainer<?> delivery;

    ImageMesh() {
        kafka = start(
                "kafka", Containers.service("", "broker", "--listen", "0.0.0.0:9092", "--advertise", "kafka:9092"));
        redis = start("redis", Containers.redis());
        sink = start("sink", Containers.plain(".*2526.*\\n", "sink", "--listen", "0.0.0.0:2526", "--beyond-loopback"));
        ingress = start("ingress", service("ingress"));
        policy = start("policy", service("policy"));
        signer = start("signer", service("signer"));
        delivery = start("delivery", service("delivery"));
    }

    List<GenericContainer<?>> services() {
        return List.of(ingress, policy, signer, delivery);
    }

    /// Sends, and returns when each is accepted; the recipients' domains end in `suffix`.
    void send(int mails, int perSecond, String suffix) {
        var words =
                "load --server ingress:2525 --allow-remote --really-to ingress --sessions 4 --size 8000 --n %d --rate %d"
                        + " --suffix %s";
        try (var load =
                Containers.command("", words.formatted(mails, perSecond, suffix).split(" "))) {
            var ended = Ending.of(load.withNetwork(network));
            assertThat(ended.output()).contains("accepted " + mails + " ");
        }
    }

    /// Waits until the sink has mail for so many different recipients, and says how many came more than once.
    long arrived(int mails, String suffix) {
        await().atMost(LONG)
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(
                        () -> assertThat(recipients(suffix).stream().distinct()).hasSize(mails));
        return recipients(suffix).size() - mails;
    }

    List<String> recipients(String suffix) {
        return Pattern.compile("to \\[([^\\]]*@[^\\]]*\\." + Pattern.quote(suffix) + ")\\]")
                .matcher(sink.getLogs())
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    Ending ask(String... words) {
        try (var command = Containers.command(volume, words).withEnv(environment())) {
            return Ending.of(command.withNetwork(network));
        }
    }

    /// What `docker exec NAME postmesh health` ends with.
    static int health(GenericContainer<?> service) throws IOException, InterruptedException {
        return service.execInContainer("/usr/bin/postmesh", "health").getExitCode();
    }

    String metrics(GenericContainer<?> service) throws IOException, InterruptedException {
        var address = "http://%s:%d/metrics".formatted(service.getHost(), Engine.port(service, Containers.HTTP));
        return http.send(
                        HttpRequest.newBuilder(URI.create(address)).timeout(ASK).build(), BodyHandlers.ofString())
                .body();
    }

    private GenericContainer<?> service(String word) {
        return Containers.service(volume, word).withEnv(environment());
    }

    private GenericContainer<?> start(String name, GenericContainer<?> container) {
        started.push(container.withNetwork(network).withNetworkAliases(name));
        try {
            container.start();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
        return container;
    }

    private static Map<String, String> environment() {
        return Map.ofEntries(
                entry("POSTMESH_KAFKA_BOOTSTRAP", "kafka:9092"),
                entry("POSTMESH_KAFKA_REPLICAS", "1"),
                entry("POSTMESH_ACCEPTED_PARTITIONS", "4"),
                entry("POSTMESH_OWNER_PARTITIONS", "4"),
                entry("POSTMESH_REDIS_URL", "redis://redis:6379"),
                entry("POSTMESH_BLOBS", "/var/lib/postmesh/blobs"),
                entry("RELAYHOST", "[sink]:2526"),
                entry("ALLOWED_SENDER_DOMAINS", "demo.test"),
                entry("POSTFIX_myhostname", "mail.demo.test"),
                entry("POSTFIX_mynetworks", "127.0.0.0/8 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16"),
                entry("DKIM_AUTOGENERATE", "1"));
    }

    @Override
    public void close() {
        started.forEach(GenericContainer::stop);
        network.close();
        http.close();
        Engine.removeVolume(volume);
    }
}
