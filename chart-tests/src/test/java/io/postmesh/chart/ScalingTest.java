package io.postmesh.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// More pods and fewer.
final class ScalingTest {
    private static final String DELIVERY = """
            components: {delivery: {autoscaling: {enabled: true, prometheus: "http://prometheus:9090"}}}
            """;

    @Test
    void delivery_is_scaled_by_the_mail_that_could_go_now() throws IOException {
        var scaling = Chart.renderDistributed(DELIVERY)
                .all(CustomResources.ScaledObject.class, "ScaledObject")
                .getFirst()
                .spec();
        assertThat(scaling.scaleTargetRef())
                .isEqualTo(new CustomResources.Target("apps/v1", "Deployment", "mesh-postmesh-delivery"));
        assertThat(scaling.triggers()).hasSize(1).first().satisfies(trigger -> {
            assertThat(trigger.type()).isEqualTo("prometheus");
            assertThat(trigger.metadata())
                    .isEqualTo(Map.of(
                            "serverAddress", "http://prometheus:9090",
                            "query", "sum(postmesh_queue_runnable_messages{namespace=\"mail\",job=\"mesh\"})",
                            "threshold", "1000",
                            "ignoreNullValues", "false"));
        });
    }

    /// Each pod that comes or goes moves partitions, so they go one by one, and late; without Prometheus none goes.
    @Test
    void delivery_shrinks_slowly_and_never_to_less_than_two() throws IOException {
        var scaling = Chart.renderDistributed(DELIVERY)
                .all(CustomResources.ScaledObject.class, "ScaledObject")
                .getFirst()
                .spec();
        assertThat(scaling.minReplicaCount()).isEqualTo(2);
        assertThat(scaling.maxReplicaCount() * 4).isLessThanOrEqualTo(48); // partitions
        assertThat(scaling.fallback().behavior()).isEqualTo("currentReplicasIfHigher");
        assertThat(scaling.advanced().horizontalPodAutoscalerConfig().behavior().scaleDown())
                .isEqualTo(new CustomResources.Pace(600, List.of(new CustomResources.Step("Pods", 1, 120))));
    }

    /// A door reads no partition; the time delivery may take to stop is what the pod is given, less 15 s.
    @Test
    void as_many_doors_as_one_likes_as_many_workers_as_partitions_and_as_long_a_stop_as_the_pod_has()
            throws IOException {
        var rendered = Chart.renderDistributed("""
                components: {ingress: {replicas: 100}, delivery: {replicas: 48}}
                env: {POSTMESH_DELIVERY_STOP: 105s}
                """);
        assertThat(rendered.workload("ingress").replicas()).isEqualTo(100);
        assertThat(rendered.workload("delivery").pod().getTerminationGracePeriodSeconds())
                .isEqualTo(120);
    }

    @Test
    void who_is_scaled_has_no_number_of_pods_of_its_own() throws IOException {
        var rendered = Chart.renderDistributed("""
                components:
                  ingress: {autoscaling: {enabled: true, connections: 2000}}
                  policy: {autoscaling: {enabled: true}}
                """);
        assertThat(rendered.workloads().stream().filter(w -> w.replicas() == Rendered.SCALED))
                .extracting(Rendered.Workload::component)
                .containsExactlyInAnyOrder("ingress", "policy");
        assertThat(rendered.all(V2HorizontalPodAutoscaler.class, "HorizontalPodAutoscaler"))
                .extracting(
                        a -> a.getSpec().getScaleTargetRef().getName(),
                        a -> a.getSpec().getMetrics().size())
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("mesh-postmesh-ingress", 2),
                        org.assertj.core.groups.Tuple.tuple("mesh-postmesh-policy", 1));
    }

    @Test
    void pods_of_a_component_are_spread_over_hosts_and_zones() throws IOException {
        for (var workload : Chart.renderDistributed("").workloads())
            assertThat(workload.pod().getTopologySpreadConstraints()).hasSize(2).allSatisfy(spread -> {
                assertThat(spread.getTopologyKey()).isIn("kubernetes.io/hostname", "topology.kubernetes.io/zone");
                assertThat(spread.getWhenUnsatisfiable()).isEqualTo("ScheduleAnyway");
                assertThat(spread.getLabelSelector().getMatchLabels()).isEqualTo(workload.selector());
            });
    }

    @Test
    void one_node_is_one_pod_that_keeps_its_volume() throws IOException {
        var rendered = Chart.render(Chart.file("ci/all-in-one-values.yaml"));
        assertThat(rendered.ofKind("StatefulSet")).hasSize(1);
        assertThat(rendered.workloads()).hasSize(1).first().satisfies(node -> {
            assertThat(node.replicas()).isEqualTo(1);
            assertThat(node.container().getArgs()).containsExactly("run");
        });
        assertThat(rendered.settings()).doesNotContainKeys("POSTMESH_KAFKA_BOOTSTRAP", "POSTMESH_REDIS_URL");
    }
}
