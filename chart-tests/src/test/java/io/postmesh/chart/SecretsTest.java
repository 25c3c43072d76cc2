package io.postmesh.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubernetes.client.openapi.models.V1Secret;
import io.kubernetes.client.openapi.models.V1VolumeProjection;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Secrets are files, and of each only those pods have it that need it.
final class SecretsTest {
    private static final String KEYS_AND_RELAY = """
            domains:
              - {name: example.org, dkim: {selector: s1, existingSecret: org-keys}}
              - {name: example.com}
            secrets:
              values: {RELAYHOST_PASSWORD: hunter2}
              existingSecret: mine
              names: [POSTMESH_S3_SECRET_KEY]
            """;

    @Test
    void each_secret_setting_is_a_file_named_by_its_file_variable() throws IOException {
        var rendered = Chart.renderDistributed(KEYS_AND_RELAY);
        var delivery = rendered.workload("delivery");
        assertThat(delivery.env())
                .containsEntry("POSTMESH_REDIS_URL_FILE", "/run/secrets/postmesh/POSTMESH_REDIS_URL")
                .containsEntry("POSTMESH_S3_SECRET_KEY_FILE", "/run/secrets/postmesh/POSTMESH_S3_SECRET_KEY")
                .containsEntry("RELAYHOST_PASSWORD_FILE", "/run/secrets/postmesh/RELAYHOST_PASSWORD");
        assertThat(files(delivery, "secrets"))
                .containsExactlyInAnyOrder(
                        "mesh-postmesh/POSTMESH_REDIS_URL",
                        "mesh-postmesh/RELAYHOST_PASSWORD",
                        "mine/POSTMESH_S3_SECRET_KEY");
        assertThat(rendered.all(V1Secret.class, "Secret").getFirst().getStringData())
                .isEqualTo(Map.of("RELAYHOST_PASSWORD", "hunter2", "POSTMESH_REDIS_URL", "redis://redis:6379"));
    }

    @Test
    void nothing_secret_is_in_the_settings() throws IOException {
        var settings = Chart.renderDistributed(KEYS_AND_RELAY).settings();
        assertThat(settings).doesNotContainKeys("RELAYHOST_PASSWORD", "POSTMESH_REDIS_URL", "POSTMESH_S3_SECRET_KEY");
        assertThat(settings.values()).noneMatch(v -> v.contains("hunter2") || v.contains("redis://"));
    }

    @Test
    void only_delivery_has_the_relays_password() throws IOException {
        for (var workload : Chart.renderDistributed(KEYS_AND_RELAY).workloads()) {
            boolean delivers = workload.component().equals("delivery");
            assertThat(workload.env().containsKey("RELAYHOST_PASSWORD_FILE")).isEqualTo(delivers);
            assertThat(files(workload, "secrets").contains("mesh-postmesh/RELAYHOST_PASSWORD"))
                    .isEqualTo(delivers);
        }
    }

    @Test
    void only_the_signer_has_private_keys() throws IOException {
        var rendered = Chart.renderDistributed(KEYS_AND_RELAY);
        for (var workload : rendered.workloads()) {
            boolean signs = workload.component().equals("signer");
            assertThat(workload.env().containsKey("POSTMESH_DKIM_KEYS")).isEqualTo(signs);
            assertThat(files(workload, "dkim"))
                    .isEqualTo(
                            signs
                                    ? List.of(
                                            "org-keys/example.org/s1.private",
                                            "org-keys/example.org/s1-ed25519.private")
                                    : List.of());
        }
        assertThat(rendered.settings())
                .containsEntry("ALLOWED_SENDER_DOMAINS", "example.org example.com")
                .containsEntry("DKIM_SELECTOR", "mail,example.org=s1");
    }

    @Test
    void a_file_with_tls_and_sasl_for_kafka_is_in_every_pod() throws IOException {
        var rendered =
                Chart.renderDistributed("kafka: {clientConfig: {existingSecret: kafka-user, key: mail.properties}}");
        assertThat(rendered.workloads())
                .allSatisfy(w -> assertThat(w.env())
                        .containsEntry("POSTMESH_KAFKA_CONFIG", "/run/secrets/kafka/mail.properties"));
    }

    @Test
    void what_strimzi_makes_for_a_user_is_handed_over_under_the_names_of_our_settings() throws IOException {
        var rendered = Chart.renderDistributed("""
                kafka:
                  tls: {ca: {existingSecret: mail-cluster-ca-cert}, certificate: {existingSecret: postmesh}}
                  sasl: {user: postmesh, existingSecret: postmesh}
                """);
        for (var workload : rendered.workloads())
            assertThat(workload.env())
                    .containsEntry("POSTMESH_KAFKA_CA_FILE", "/run/secrets/postmesh/POSTMESH_KAFKA_CA")
                    .containsKeys(
                            "POSTMESH_KAFKA_CERTIFICATE_FILE",
                            "POSTMESH_KAFKA_KEY_FILE",
                            "POSTMESH_KAFKA_PASSWORD_FILE");
        var keys = rendered.workload("ingress").pod().getVolumes().stream()
                .filter(v -> v.getName().equals("secrets"))
                .flatMap(v -> v.getProjected().getSources().stream())
                .map(s -> s.getSecret().getName() + "/"
                        + s.getSecret().getItems().getFirst().getKey());
        assertThat(keys)
                .contains("mail-cluster-ca-cert/ca.crt", "postmesh/user.crt", "postmesh/user.key", "postmesh/password");
        assertThat(rendered.settings())
                .containsEntry("POSTMESH_KAFKA_USER", "postmesh")
                .containsEntry("POSTMESH_KAFKA_SASL_MECHANISM", "SCRAM-SHA-512")
                .doesNotContainKey("POSTMESH_KAFKA_SECURITY_PROTOCOL");
    }

    @Test
    void pods_are_replaced_when_a_setting_or_a_secret_of_the_release_changes_and_by_nothing_else() throws IOException {
        var before = Chart.renderDistributed("").workload("policy").annotations();
        assertThat(Chart.renderDistributed("env: {POSTMESH_LOG_LEVEL: debug}")
                        .workload("policy")
                        .annotations())
                .isNotEqualTo(before);
        assertThat(Chart.renderDistributed("secrets: {values: {RELAYHOST_PASSWORD: x}}")
                        .workload("policy")
                        .annotations())
                .isNotEqualTo(before);
        assertThat(Chart.renderDistributed("metrics: {serviceMonitor: {enabled: true}}")
                        .workload("policy")
                        .annotations())
                .isEqualTo(before);
    }

    /// `secret/path` of each file in a projected volume; none when there is no such volume.
    private static List<String> files(Rendered.Workload workload, String volume) {
        return workload.pod().getVolumes().stream()
                .filter(v -> v.getName().equals(volume))
                .flatMap(v -> Objects.requireNonNull(v.getProjected()).getSources().stream())
                .map(V1VolumeProjection::getSecret)
                .flatMap(s -> s.getItems().stream().map(item -> s.getName() + "/" + item.getPath()))
                .toList();
    }
}
