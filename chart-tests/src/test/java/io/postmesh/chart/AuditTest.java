package io.postmesh.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubernetes.client.openapi.models.V1EnvVar;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodSpec;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The Job that fails when mail is missing.
final class AuditTest {
    private static final String ON = """
            domains: [{name: example.org, dkim: {selector: s1, existingSecret: org-keys}}]
            audit: {enabled: true, since: 3h}
            kafka:
              tls: {ca: {existingSecret: mail-cluster-ca-cert}, certificate: {existingSecret: postmesh}}
              sasl: {user: postmesh, existingSecret: postmesh}
              clientConfig: {existingSecret: kafka-user}
            secrets: {values: {RELAYHOST_PASSWORD: hunter2}, existingSecret: mine, names: [POSTMESH_S3_SECRET_KEY]}
            """;

    @Test
    void there_is_none_by_default() throws IOException {
        assertThat(Chart.renderDistributed("").cronJobs()).isEmpty();
    }

    @Test
    void it_counts_with_the_settings_of_the_mesh_and_fails_once_for_good() throws IOException {
        var rendered = Chart.renderDistributed(ON);
        var job = rendered.cronJobs().getFirst();
        assertThat(job.getMetadata().getName()).isEqualTo("mesh-postmesh-audit");
        assertThat(job.getSpec().getConcurrencyPolicy()).isEqualTo("Forbid");
        var spec = job.getSpec().getJobTemplate().getSpec();
        assertThat(spec.getBackoffLimit()).isZero();
        assertThat(spec.getActiveDeadlineSeconds()).isPositive();
        var pod = pod(rendered);
        assertThat(pod.getRestartPolicy()).isEqualTo("Never");
        var container = pod.getContainers().getFirst();
        assertThat(container.getArgs()).containsExactly("audit", "--since=3h");
        assertThat(container.getEnvFrom().getFirst().getConfigMapRef().getName())
                .isEqualTo("mesh-postmesh");
    }

    @Test
    void it_has_the_secrets_of_kafka_and_no_others() throws IOException {
        var pod = pod(Chart.renderDistributed(ON));
        assertThat(pod.getContainers().getFirst().getEnv())
                .extracting(V1EnvVar::getName)
                .containsExactlyInAnyOrder(
                        "POSTMESH_KAFKA_CA_FILE",
                        "POSTMESH_KAFKA_CERTIFICATE_FILE",
                        "POSTMESH_KAFKA_KEY_FILE",
                        "POSTMESH_KAFKA_PASSWORD_FILE",
                        "POSTMESH_KAFKA_CONFIG");
        assertThat(pod.toString()).doesNotContain("RELAYHOST", "S3_SECRET", "org-keys", "REDIS");
    }

    /// A proxy beside it that never ends would keep the Job from ending.
    @Test
    void it_reaches_kafka_alone_and_has_no_sidecar() throws IOException {
        var rendered = Chart.renderDistributed(ON);
        var template = InvariantsTest.pod(rendered.cronJobs().getFirst());
        assertThat(template.getMetadata().getAnnotations())
                .containsEntry("sidecar.istio.io/inject", "false")
                .containsEntry("linkerd.io/inject", "disabled");
        var policies = rendered.all(V1NetworkPolicy.class, "NetworkPolicy").stream()
                .filter(p -> "audit"
                        .equals(p.getSpec().getPodSelector().getMatchLabels().get(Rendered.COMPONENT)))
                .toList();
        assertThat(policies).hasSize(1);
        var policy = policies.getFirst();
        assertThat(template.getMetadata().getLabels())
                .containsAllEntriesOf(policy.getSpec().getPodSelector().getMatchLabels());
        assertThat(policy.getSpec().getIngress()).isNullOrEmpty();
        assertThat(policy.getSpec().getEgress().stream()
                        .flatMap(rule -> rule.getPorts().stream())
                        .map(port -> port.getPort() + "/" + port.getProtocol()))
                .isEqualTo(List.of("53/UDP", "53/TCP", "9092/TCP"));
    }

    private static V1PodSpec pod(Rendered rendered) {
        return InvariantsTest.pod(rendered.cronJobs().getFirst()).getSpec();
    }
}
