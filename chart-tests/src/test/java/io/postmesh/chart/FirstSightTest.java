package io.postmesh.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubernetes.client.openapi.models.V1EnvVar;
import io.kubernetes.client.openapi.models.V1Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What an operator reads after `helm install`, and `helm test`.
final class FirstSightTest {
    private static final Pattern ADDRESS = Pattern.compile("SMTP is at (\\S+)\\.mail\\.svc:(\\d+)");
    private static final Pattern EXEC = Pattern.compile("exec (statefulset|deployment)/(\\S+) --");

    static List<Path> values() throws IOException {
        return Chart.valueFiles();
    }

    @ParameterizedTest
    @MethodSource("values")
    void the_address_and_the_commands_in_the_notes_are_there(Path values) {
        var notes = Chart.notes(values);
        var rendered = Chart.render(values);
        var address = ADDRESS.matcher(notes);
        assertThat(address.find()).isTrue();
        var port = KubernetesTypes.read(rendered.one("Service", address.group(1)), V1Service.class)
                .getSpec()
                .getPorts()
                .getFirst()
                .getPort();
        assertThat(address.group(2)).isEqualTo(String.valueOf(port));
        var exec = EXEC.matcher(notes);
        assertThat(exec.find()).isTrue();
        assertThat(rendered.workloads()).extracting(Rendered.Workload::name).contains(exec.group(2));
        assertThat(notes).doesNotContain("http://");
    }

    @Test
    void the_notes_say_who_may_send() {
        var notes = Chart.notes(Chart.file("ci/distributed-full-values.yaml"));
        assertThat(notes)
                .contains(
                        "may relay: 198.51.100.0/24, 2001:db8:1::/48",
                        "MAIL FROM: example.org, example.com, example.net")
                .contains("no TLS and no AUTH");
        assertThat(Chart.notes(Chart.file("ci/distributed-single-values.yaml")))
                .contains("may relay: nobody", "every sender", "hostname is empty");
    }

    @Test
    void helm_test_sends_one_mail_to_the_door_and_waits_for_its_end() throws IOException {
        assertThat(Files.readString(Chart.file("templates/tests/send.yaml"))).contains("helm.sh/hook: test");
        var rendered = Chart.renderDistributed("""
                test: {to: postmaster@example.net}
                smtp: {trustedNetworks: [10.42.0.0/16]}
                kafka: {sasl: {user: postmesh, existingSecret: postmesh}, clientConfig: {existingSecret: kafka-user}}
                secrets: {values: {RELAYHOST_PASSWORD: hunter2}}
                """);
        assertThat(rendered.testPods()).hasSize(1).first().satisfies(pod -> {
            assertThat(pod.getSpec().getRestartPolicy()).isEqualTo("Never");
            assertThat(pod.getSpec().getActiveDeadlineSeconds()).isBetween(180L, 299L); // helm waits 300 s
            var container = pod.getSpec().getContainers().getFirst();
            assertThat(container.getArgs())
                    .startsWith(
                            "send",
                            "--server=mesh-postmesh-smtp:25",
                            "--from=postmesh-test@example.org",
                            "--to=postmaster@example.net")
                    .endsWith("--wait=2m");
            assertThat(container.getEnvFrom().getFirst().getConfigMapRef().getName())
                    .isEqualTo("mesh-postmesh");
            assertThat(container.getEnv())
                    .extracting(V1EnvVar::getName)
                    .containsExactly("POSTMESH_KAFKA_PASSWORD_FILE", "POSTMESH_KAFKA_CONFIG");
            assertThat(pod.toString()).doesNotContain("RELAYHOST", "REDIS");
        });
    }

    /// The Kafka of one pod is inside of it.
    @Test
    void in_one_pod_helm_test_says_that_the_mail_was_taken_and_the_notes_how_to_see_its_end() {
        var values = Chart.file("ci/all-in-one-values.yaml");
        var container = Chart.render(values)
                .testPods()
                .getFirst()
                .getSpec()
                .getContainers()
                .getFirst();
        assertThat(container.getArgs()).noneMatch(word -> word.startsWith("--wait"));
        assertThat(container.getEnvFrom()).isNullOrEmpty();
        assertThat(Chart.notes(values))
                .contains(
                        "that it was taken, not that it arrived",
                        "exec statefulset/mesh-postmesh -- postmesh send --server=127.0.0.1:2525"
                                + " --from=postmesh-test@example.org --to=postmaster@example.net --wait=2m");
        assertThat(Chart.notes(Chart.file("ci/distributed-claim-values.yaml")))
                .contains("helm -n mail test mesh --logs")
                .doesNotContain("that it was taken");
    }

    @Test
    void without_a_recipient_there_is_no_test_that_could_fail() throws IOException {
        assertThat(Chart.renderDistributed("").testPods()).isEmpty();
    }
}
