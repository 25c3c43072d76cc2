package io.postmesh.chart;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The image takes what the chart hands it: its pods run, as containers, and a mail goes through them. Skipped with
/// what is missing
/// where there is no engine or no image; where they are promised (`-Dpostmesh.image.promised=true`), that is a failure.
final class PodsTest {
    private static final String RELAYED = """
            hostname: mail.example.org
            env: {RELAYHOST: "[sink]:2526"}
            smtp: {trustedNetworks: ["%s"], service: {port: 2525}}
            test: {to: you@example.net}
            """;
    private static final Duration START = Duration.ofMinutes(3); // of a JVM on a busy machine

    @TempDir
    Path scratch = Path.of("");

    @BeforeAll
    static void needsTheImage() throws IOException, InterruptedException {
        var missing = Kubelet.missing();
        if (missing.isPresent() && Boolean.getBoolean("postmesh.image.promised"))
            throw new AssertionError(missing.get());
        Assumptions.assumeTrue(missing.isEmpty(), () -> missing.orElse(""));
    }

    @Test
    void one_pod_takes_the_test_mail_and_hands_it_to_the_relay() throws IOException, InterruptedException {
        try (var kubelet = Kubelet.open(scratch, Map.of())) {
            var rendered = Chart.render(
                    Chart.merged("domains: [{name: example.org}]\nenv: {DKIM_AUTOGENERATE: \"1\"}", relayed(kubelet)));
            startSink(kubelet);
            startAll(kubelet, rendered);
            assertThatATestMailArrives(kubelet, rendered);
            assertThat(kubelet.logs("mesh-postmesh")).contains("mail._domainkey.example.org");
            assertThatAllStop(kubelet, rendered);
        }
    }

    @Test
    void a_mesh_of_services_finds_its_secrets_in_files_and_signs_with_the_key_of_the_signers_own()
            throws IOException, InterruptedException, NoSuchAlgorithmException {
        var secrets = Map.of(
                "org-keys", Map.of("s2026.private", privateKey()),
                "mine", Map.of("POSTMESH_REDIS_URL", "redis://redis:6379\n"),
                "kafka-client", Map.of("client.properties", "client.dns.lookup=use_all_dns_ips\n"));
        try (var kubelet = Kubelet.open(scratch, secrets)) {
            var rendered = Chart.render(Chart.merged("""
                    mode: distributed
                    domains: [{name: example.org, dkim: {selector: s2026, existingSecret: org-keys}}]
                    secrets: {existingSecret: mine, names: [POSTMESH_REDIS_URL]}
                    kafka: {bootstrapServers: "kafka:9092", replicas: 1, partitions: 12, clientConfig: {existingSecret: kafka-client}}
                    blobs: {existingClaim: bodies}
                    """, relayed(kubelet)));
            startSink(kubelet);
            kubelet.start(
                    "redis",
                    Kubelet.REDIS_IMAGE,
                    "redis-server",
                    "--bind",
                    "0.0.0.0",
                    "--protected-mode",
                    "no",
                    "--save",
                    "");
            kubelet.start("kafka", Kubelet.IMAGE, "broker", "--listen", "0.0.0.0:9092", "--advertise", "kafka:9092");
            patiently().until(() -> kubelet.isReady("kafka"));
            startAll(kubelet, rendered);
            assertThatATestMailArrives(kubelet, rendered);
            assertThat(kubelet.logs("mesh-postmesh-signer")).contains("s2026._domainkey.example.org");
            assertThatAllStop(kubelet, rendered);
        }
    }

    private static String relayed(Kubelet kubelet) throws IOException, InterruptedException {
        return RELAYED.formatted(kubelet.podNetwork());
    }

    private static void startSink(Kubelet kubelet) throws IOException, InterruptedException {
        kubelet.start("sink", Kubelet.IMAGE, "sink", "--listen", "0.0.0.0:2526", "--beyond-loopback", "--tls");
    }

    private static void startAll(Kubelet kubelet, Rendered rendered) throws IOException, InterruptedException {
        for (var workload : rendered.workloads())
            kubelet.start(workload.name(), workload.pod(), rendered.servicesOf(workload), rendered);
        for (var workload : rendered.workloads())
            patiently().alias(workload.name()).until(() -> kubelet.isReady(workload.name()));
    }

    private static void assertThatATestMailArrives(Kubelet kubelet, Rendered rendered)
            throws IOException, InterruptedException {
        kubelet.start("test", rendered.testPods().getFirst().getSpec(), List.of(), rendered);
        var done = kubelet.end("test");
        assertThat(done.output()).contains("250 2.0.0 Ok");
        if (rendered.workloads().size() > 1) assertThat(done.output()).contains("delivered  you@example.net");
        assertThat(done.code()).isZero();
        patiently()
                .untilAsserted(() -> assertThat(kubelet.logs("sink"))
                        .contains("from <postmesh-test@example.org> to [you@example.net]"));
    }

    /// By the signal, not by the kill that comes after the time the pod is given.
    private static void assertThatAllStop(Kubelet kubelet, Rendered rendered) throws IOException, InterruptedException {
        for (var workload : rendered.workloads())
            assertThat(kubelet.stop(workload.name(), workload.pod().getTerminationGracePeriodSeconds()))
                    .isEqualTo(143);
    }

    private static ConditionFactory patiently() {
        return Awaitility.await().atMost(START).pollInterval(Duration.ofMillis(500));
    }

    private static String privateKey() throws NoSuchAlgorithmException {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        var pkcs8 = generator.generateKeyPair().getPrivate().getEncoded();
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(pkcs8)
                + "\n-----END PRIVATE KEY-----\n";
    }
}
