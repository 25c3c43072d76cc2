package io.postmesh.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1NetworkPolicyEgressRule;
import io.kubernetes.client.openapi.models.V1NetworkPolicyIngressRule;
import io.kubernetes.client.openapi.models.V1NetworkPolicyPeer;
import io.kubernetes.client.openapi.models.V1NetworkPolicyPort;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Who may talk to whom.
final class NetworkPoliciesTest {
    private static final String TESTED = "test: {to: postmaster@example.net}\nsmtp: {trustedNetworks: [10.42.0.0/16]}";

    @Test
    void every_pod_of_the_release_is_closed_before_anything_is_opened() throws IOException {
        for (var values : Chart.valueFiles()) {
            var rendered = Chart.render(values);
            if (rendered.ofKind("NetworkPolicy").isEmpty()) continue; // switched off
            var deny = rendered.all(V1NetworkPolicy.class, "NetworkPolicy").stream()
                    .filter(p -> p.getMetadata().getName().endsWith("-default-deny"))
                    .findFirst()
                    .orElseThrow()
                    .getSpec();
            assertThat(deny.getPolicyTypes()).containsExactly("Ingress", "Egress");
            assertThat(deny.getIngress()).isNullOrEmpty();
            assertThat(deny.getEgress()).isNullOrEmpty();
            var selector = deny.getPodSelector().getMatchLabels().entrySet();
            assertThat(rendered.workloads())
                    .allSatisfy(w -> assertThat(w.labels().entrySet()).containsAll(selector));
            assertThat(rendered.cronJobs())
                    .allSatisfy(job -> assertThat(InvariantsTest.pod(job)
                                    .getMetadata()
                                    .getLabels()
                                    .entrySet())
                            .containsAll(selector));
            assertThat(rendered.testPods())
                    .allSatisfy(p ->
                            assertThat(p.getMetadata().getLabels().entrySet()).containsAll(selector));
        }
    }

    @Test
    void mail_goes_out_from_delivery_only_and_everybody_reaches_kafka_redis_and_the_bucket() throws IOException {
        var rendered = Chart.renderDistributed("");
        var common = Set.of("53/UDP", "53/TCP", "9092/TCP", "6379/TCP", "443/TCP");
        for (var component : List.of("ingress", "policy", "signer"))
            assertThat(ports(egress(rendered, component))).isEqualTo(common);
        assertThat(ports(egress(rendered, "delivery")))
                .containsAll(common)
                .contains("25/TCP")
                .hasSize(6);
    }

    @Test
    void mail_comes_in_at_the_door_only() throws IOException {
        var rendered = Chart.renderDistributed("");
        for (var workload : rendered.workloads())
            assertThat(ingress(rendered, workload.component()).stream()
                            .flatMap(r -> r.getPorts().stream())
                            .map(NetworkPoliciesTest::port))
                    .containsExactlyElementsOf(
                            workload.component().equals("ingress")
                                    ? List.of("8080/TCP", "2525/TCP")
                                    : List.of("8080/TCP"));
    }

    /// A rule without peers is one for everybody.
    @Test
    void metrics_that_nobody_may_read_are_open_to_nobody() throws IOException {
        var rendered = Chart.renderDistributed("networkPolicy: {metricsFrom: []}");
        for (var component : List.of("policy", "signer", "delivery"))
            assertThat(ingress(rendered, component)).isNullOrEmpty();
        assertThat(ingress(rendered, "ingress"))
                .hasSize(1)
                .flatExtracting(V1NetworkPolicyIngressRule::getPorts)
                .extracting(NetworkPoliciesTest::port)
                .containsExactly("2525/TCP");
    }

    @Test
    void a_door_inside_the_cluster_is_open_to_its_namespace_and_one_that_faces_outside_to_everybody()
            throws IOException {
        var inside = ingress(Chart.renderDistributed(""), "ingress").get(1);
        assertThat(inside.getFrom())
                .hasSize(1)
                .first()
                .satisfies(peer -> assertThat(peer.getNamespaceSelector()).isNull());
        var outside = ingress(Chart.renderDistributed("smtp: {service: {type: LoadBalancer}}"), "ingress")
                .get(1);
        assertThat(outside.getFrom()).isNullOrEmpty();
        var chosen = ingress(Chart.renderDistributed("""
                                smtp: {service: {type: LoadBalancer}}
                                networkPolicy: {smtpFrom: [{ipBlock: {cidr: 198.51.100.0/24}}]}
                                """), "ingress").get(1);
        assertThat(chosen.getFrom()).hasSize(1);
    }

    @Test
    void ports_are_those_of_the_addresses_that_were_given() throws IOException {
        var rendered = Chart.renderDistributed("""
                kafka: {bootstrapServers: "k1:9093, k2:9093,k3:9094"}
                redis: {url: "rediss://user:pass:9@redis:6380/0"}
                blobs: {store: "s3://bodies", s3: {endpoint: "http://minio"}}
                env:
                  RELAYHOST: "[2001:db8::25]:587, [smtp.example.net]"
                  OTEL_EXPORTER_OTLP_ENDPOINT: http://collector:4318/otlp
                """);
        assertThat(ports(egress(rendered, "delivery")))
                .containsExactlyInAnyOrder(
                        "53/UDP",
                        "53/TCP",
                        "9093/TCP",
                        "9094/TCP",
                        "6380/TCP",
                        "80/TCP",
                        "4318/TCP",
                        "587/TCP",
                        "25/TCP");
    }

    @Test
    void the_test_pod_reaches_the_door_and_the_kafka_that_tells_it_the_end_and_nothing_else() throws IOException {
        var rendered =
                Chart.renderDistributed(TESTED + "\nnetworkPolicy: {smtpFrom: [{podSelector: {matchLabels: {a: b}}}]}");
        assertThat(ports(egress(rendered, "test")))
                .containsExactlyInAnyOrder("53/UDP", "53/TCP", "2525/TCP", "9092/TCP");
        var alone = Chart.render(Chart.file("ci/all-in-one-values.yaml"));
        assertThat(ports(egress(alone, "test"))).containsExactlyInAnyOrder("53/UDP", "53/TCP", "2525/TCP");
        var peers = ingress(rendered, "ingress").stream().flatMap(rule -> rule.getFrom().stream());
        assertThat(peers.map(V1NetworkPolicyPeer::getPodSelector).filter(Objects::nonNull))
                .anySatisfy(pods -> assertThat(pods.getMatchLabels()).containsEntry(Rendered.COMPONENT, "test"));
    }

    private static List<V1NetworkPolicyEgressRule> egress(Rendered rendered, String component) {
        return of(rendered, component).getSpec().getEgress();
    }

    private static List<V1NetworkPolicyIngressRule> ingress(Rendered rendered, String component) {
        return of(rendered, component).getSpec().getIngress();
    }

    private static V1NetworkPolicy of(Rendered rendered, String component) {
        return rendered.all(V1NetworkPolicy.class, "NetworkPolicy").stream()
                .filter(p -> labels(p).getOrDefault(Rendered.COMPONENT, "").equals(component))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, String> labels(V1NetworkPolicy policy) {
        return policy.getSpec().getPodSelector().getMatchLabels();
    }

    private static Set<String> ports(List<V1NetworkPolicyEgressRule> rules) {
        var ports = new TreeSet<String>();
        for (var rule : rules) rule.getPorts().forEach(p -> ports.add(port(p)));
        return ports;
    }

    private static String port(V1NetworkPolicyPort port) {
        return port.getPort() + "/" + port.getProtocol();
    }
}
