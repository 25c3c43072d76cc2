package io.postmesh.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postmesh.embedded.EmbeddedKafka;
import io.postmesh.embedded.EmbeddedRedis;
import io.postmesh.runtime.settings.BadSettings;
import io.postmesh.runtime.settings.HostPort;
import io.postmesh.runtime.settings.Settings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// One service as a process: what it needs, what it calls itself, and how it ends.
class ServiceAloneTest {
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(10);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void withoutKafkaAndRedisItSaysSoInTwoLinesAndExitsWith78(ServiceKind kind) throws Exception {
        var environment = Map.of("ALLOWED_SENDER_DOMAINS", "demo.test", "POSTMESH_HTTP_LISTEN", "127.0.0.1:0");
        try (var child = Child.start(folder.resolve("data"), environment, "service", kind.toString())) {
            assertThat(child.await(TestMesh.SOON)).isEqualTo(78);
            assertThat(child.output())
                    .contains("postmesh: POSTMESH_KAFKA_BOOTSTRAP: is not set; ")
                    .contains("postmesh: POSTMESH_REDIS_URL: is not set; ")
                    .hasLineCount(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theSettingsOfTheOthersAreNoMistakesAndAreNotPrinted(ServiceKind kind) throws Exception {
        var all = new HashMap<String, String>();
        for (var name : namesOfThePage()) all.put(name, "");
        all.put("POSTMESH_KAFKA_BOOTSTRAP", "k:1");
        all.put("POSTMESH_REDIS_URL", "redis://r:1");
        all.put("ALLOWED_SENDER_DOMAINS", "demo.test");
        all.put("POSTMESH_SMTP_LISTEN", "127.0.0.1:1");
        all.put("POSTMESH_RETRY_SCHEDULE", "7m");
        all.put("POSTMESH_SENDER_DOMAIN_RATE", "7/s");
        all.put("DKIM_SELECTOR", "seven");
        var config = ServiceConfig.from(Settings.load(all, all), kind, folder);
        assertThat(config.described())
                .contains("POSTMESH_KAFKA_BOOTSTRAP=k:1", "POSTMESH_REDIS_URL=****")
                .filteredOn(line -> line.matches(
                        "(POSTMESH_SMTP_LISTEN|POSTMESH_RETRY_SCHEDULE|POSTMESH_SENDER_DOMAIN_RATE|DKIM_SELECTOR)=.*"))
                .containsExactly(
                        switch (kind) {
                            case INGRESS -> "POSTMESH_SMTP_LISTEN=127.0.0.1:1";
                            case POLICY -> "POSTMESH_SENDER_DOMAIN_RATE=7/s";
                            case SIGNER -> "DKIM_SELECTOR=seven";
                            case DELIVERY -> "POSTMESH_RETRY_SCHEDULE=7m";
                        });
    }

    @Test
    void aNameNobodyKnowsIsStillAMistake() {
        var given = Map.of("POSTMESH_KAFKA_BOOTSTRAP", "k:1", "POSTMESH_REDIS_URL", "redis://r", "POSTMESH_RETRY", "1");
        assertThat(org.assertj.core.api.Assertions.catchThrowableOfType(
                                BadSettings.class,
                                () -> ServiceConfig.from(Settings.load(Map.of(), given), ServiceKind.POLICY, folder))
                        .problems())
                .singleElement()
                .asString()
                .startsWith("POSTMESH_RETRY: no such setting");
    }

    @Test
    void processesOfAHostAreNumberedAndOneThatComesBackFindsItsNumber() throws Exception {
        try (var first = Seat.take(folder, ServiceKind.SIGNER, "host")) {
            try (var second = Seat.take(folder, ServiceKind.SIGNER, "host");
                    var other = Seat.take(folder, ServiceKind.POLICY, "host")) {
                assertThat(first.instance()).isEqualTo("host-1");
                assertThat(second.instance()).isEqualTo("host-2");
                assertThat(other.instance()).isEqualTo("host-1");
                first.close();
                try (var back = Seat.take(folder, ServiceKind.SIGNER, "host")) {
                    assertThat(back.instance()).isEqualTo("host-1");
                }
            }
        }
    }

    @Test
    void twoOfAKindWithOneNameAreRefused() throws Exception {
        try (var held = Seat.named(folder, ServiceKind.SIGNER, "a")) {
            assertThat(held.instance()).isEqualTo("a");
            assertThat(org.assertj.core.api.Assertions.catchThrowable(
                            () -> Seat.named(folder, ServiceKind.SIGNER, "a")))
                    .hasMessageStartingWith("POSTMESH_INSTANCE: another signer of this host is 'a' already");
        }
    }

    @Test
    void aFolderOfRunIsRefused() throws Exception {
        Files.writeString(folder.resolve("purpose"), "run\n");
        var settings = Settings.load(Map.of("POSTMESH_DATA_DIR", folder.toString()), Map.of());
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> DataHome.shared(settings)))
                .hasMessageContaining("was made by './postmesh run'");
    }

    @Test
    void itAnswersOnItsManagementPortStopsInTimeAndStartsAgainUnderItsName() throws Exception {
        try (var kafka = EmbeddedKafka.start(Files.createDirectory(folder.resolve("kafka")));
                var redis = EmbeddedRedis.start(Files.createDirectory(folder.resolve("redis")))) {
            var environment = on(kafka, redis);
            for (var signal : new String[] {"-TERM", "-TERM", "-KILL"}) {
                try (var policy = Child.start(folder.resolve("data"), environment, "service", "policy")) {
                    var ready = policy.awaitLine("ready: policy (\\S+-\\d+), HTTP on (\\S+)");
                    assertThat(ready.group(1)).endsWith("-1");
                    await().atMost(TestMesh.SOON).until(() -> get(ready.group(2), "/readyz") == 200);
                    assertThat(get(ready.group(2), "/livez")).isEqualTo(200);
                    assertThat(get(ready.group(2), "/metrics")).isEqualTo(200);
                    new ProcessBuilder("kill", signal, Long.toString(policy.pid()))
                            .start()
                            .waitFor();
                    assertThat(policy.await(STOPS_WITHIN)).isEqualTo(signal.equals("-TERM") ? 143 : 137);
                    assertThat(policy.output()).doesNotContain("took too long", "SMTP on");
                    if (signal.equals("-TERM"))
                        assertThat(policy.output())
                                .containsOnlyOnce("stopping (by a signal)")
                                .containsOnlyOnce(" stopped");
                }
            }
        }
    }

    @Test
    void aKafkaThatGoesAwayIsALineOfItsLog() throws Exception {
        try (var kafka = EmbeddedKafka.start(Files.createDirectory(folder.resolve("kafka")));
                var redis = EmbeddedRedis.start(Files.createDirectory(folder.resolve("redis")));
                var policy = Child.start(folder.resolve("data"), on(kafka, redis), "service", "policy")) {
            policy.awaitLine("ready: policy ");
            kafka.close();
            policy.awaitLine("WARN .*not ready: policy: ");
        }
    }

    @Test
    void aDoorThatStopsIsNotReadyAndTakesTheMessageInProgressToItsEnd() throws Exception {
        try (var kafka = EmbeddedKafka.start(Files.createDirectory(folder.resolve("kafka")));
                var redis = EmbeddedRedis.start(Files.createDirectory(folder.resolve("redis")))) {
            var environment = new HashMap<>(on(kafka, redis));
            environment.put("POSTMESH_SMTP_LISTEN", "127.0.0.1:0");
            try (var ingress = Child.start(folder.resolve("data"), environment, "service", "ingress")) {
                var ready = ingress.awaitLine("ready: ingress .*SMTP on (\\S+):(\\d+), HTTP on (\\S+)");
                var door = new HostPort(ready.group(1), Integer.parseInt(ready.group(2)));
                try (var client = RawClient.connect(door)) {
                    client.say("MAIL FROM:<a@demo.test>");
                    client.say("RCPT TO:<b@example.com>");
                    client.say("DATA");
                    new ProcessBuilder("kill", "-TERM", Long.toString(ingress.pid()))
                            .start()
                            .waitFor();
                    await().atMost(TestMesh.SOON).until(() -> get(ready.group(3), "/readyz") == 503);
                    assertThat(get(ready.group(3), "/livez")).isEqualTo(200);
                    assertThat(client.say("From: a@demo.test\r\n\r\nhello\r\n."))
                            .startsWith("250");
                }
                assertThat(ingress.await(TestMesh.SOON)).isEqualTo(143);
                assertThat(ingress.output()).doesNotContain("not ready");
            }
        }
    }

    private static Map<String, String> on(EmbeddedKafka kafka, EmbeddedRedis redis) {
        return Map.of(
                "ALLOWED_SENDER_DOMAINS", "demo.test",
                "POSTMESH_KAFKA_BOOTSTRAP", kafka.bootstrap(),
                "POSTMESH_KAFKA_REPLICAS", "1",
                "POSTMESH_ACCEPTED_PARTITIONS", "2",
                "POSTMESH_OWNER_PARTITIONS", "2",
                "POSTMESH_REDIS_URL", redis.url(),
                "POSTMESH_HTTP_LISTEN", "127.0.0.1:0");
    }

    private static int get(String address, String path) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://" + address + path))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        }
    }

    private static Iterable<String> namesOfThePage() throws Exception {
        return Pattern.compile("`((?:POSTMESH|POSTFIX|DKIM|RELAYHOST|ALLOWED|ALLOW)(?:_[A-Za-z]+)*)[`=]")
                .matcher(Files.readString(Path.of("../docs/configuration.md")))
                .results()
                .map(found -> found.group(1))
                .filter(name -> !name.equals("POSTMESH_CONFIG"))
                .toList();
    }
}
