package io.postmesh.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1ContainerPort;
import io.kubernetes.client.openapi.models.V1CronJob;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1PodSpec;
import io.kubernetes.client.openapi.models.V1PodTemplateSpec;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1Volume;
import io.kubernetes.client.openapi.models.V1VolumeMount;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What holds for every mesh the chart makes.
final class InvariantsTest {
    static List<Path> values() throws IOException {
        return Chart.valueFiles();
    }

    static Stream<V1PodSpec> pods(Path values) {
        var rendered = Chart.render(values);
        return Stream.of(
                        rendered.workloads().stream().map(Rendered.Workload::pod),
                        rendered.cronJobs().stream().map(job -> pod(job).getSpec()),
                        rendered.testPods().stream().map(pod -> pod.getSpec()))
                .flatMap(pods -> pods);
    }

    static V1PodTemplateSpec pod(V1CronJob job) {
        return job.getSpec().getJobTemplate().getSpec().getTemplate();
    }

    @ParameterizedTest
    @MethodSource("values")
    void no_pod_has_a_right_it_does_not_need(Path values) {
        assertThat(pods(values)).isNotEmpty().allSatisfy(pod -> {
            assertThat(pod.getAutomountServiceAccountToken()).isFalse();
            assertThat(pod.getHostNetwork()).isNull();
            assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
            assertThat(pod.getSecurityContext().getRunAsUser()).isEqualTo(65532);
            assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
            assertThat(pod.getContainers()).allSatisfy(container -> {
                var security = container.getSecurityContext();
                assertThat(security.getReadOnlyRootFilesystem()).isTrue();
                assertThat(security.getAllowPrivilegeEscalation()).isFalse();
                assertThat(security.getCapabilities().getDrop()).containsExactly("ALL");
                assertThat(security.getCapabilities().getAdd()).isNullOrEmpty();
            });
        });
    }

    /// A sidecar hands strangers over from loopback, so it is trusted only where none come, and the door asks for none.
    @ParameterizedTest
    @MethodSource("values")
    void loopback_may_relay_only_where_strangers_cannot_come_and_no_proxy_is_before_the_door(Path values) {
        var rendered = Chart.render(values);
        boolean inside = rendered.all(V1Service.class, "Service").stream()
                .allMatch(s ->
                        s.getSpec().getType() == null || s.getSpec().getType().equals("ClusterIP"));
        var trusted = rendered.settings().getOrDefault("POSTFIX_mynetworks", "").split(" ");
        assertThat(trusted).isNotEmpty().doesNotContain("");
        if (inside) assertThat(trusted).contains("127.0.0.0/8", "[::1]/128");
        else assertThat(trusted).noneMatch(n -> n.startsWith("127.") || n.contains("::1"));
        assertThat(rendered.workloads()).allSatisfy(workload -> {
            boolean door = ports(workload.container()).stream().anyMatch(p -> "smtp".equals(p.getName()));
            var wanted = Map.of("sidecar.istio.io/inject", "false", "linkerd.io/inject", "disabled");
            if (door) assertThat(workload.annotations()).containsAllEntriesOf(wanted);
            else assertThat(workload.annotations()).doesNotContainKeys("sidecar.istio.io/inject", "linkerd.io/inject");
        });
    }

    /// A Service named postmesh would put POSTMESH_PORT and its like there, and an unknown POSTMESH_ name ends the
    /// start.
    @ParameterizedTest
    @MethodSource("values")
    void no_service_writes_into_a_pods_environment(Path values) {
        assertThat(pods(values))
                .allSatisfy(pod -> assertThat(pod.getEnableServiceLinks()).isFalse());
    }

    @ParameterizedTest
    @MethodSource("values")
    void an_image_is_a_version_and_memory_is_what_was_asked_for(Path values) {
        assertThat(pods(values).flatMap(pod -> pod.getContainers().stream())).allSatisfy(container -> {
            assertThat(container.getImage())
                    .matches(".+(:[0-9].*|@sha256:[0-9a-f]{64})")
                    .doesNotContain("latest");
            var resources = container.getResources();
            assertThat(resources.getRequests()).containsKeys("cpu", "memory");
            assertThat(resources.getLimits())
                    .containsOnly(Map.entry("memory", resources.getRequests().get("memory")));
        });
    }

    @ParameterizedTest
    @MethodSource("values")
    void every_mount_has_its_volume_and_every_volume_a_mount(Path values) {
        assertThat(pods(values)).allSatisfy(pod -> {
            var volumes = pod.getVolumes().stream().map(V1Volume::getName).toList();
            var mounts = pod.getContainers().getFirst().getVolumeMounts().stream()
                    .map(V1VolumeMount::getName)
                    .toList();
            assertThat(mounts).doesNotHaveDuplicates().contains("data", "tmp").containsAll(volumes);
            assertThat(mounts.stream().filter(m -> !volumes.contains(m)))
                    .isSubsetOf("data"); // of a StatefulSet, whose claim it is
        });
    }

    @ParameterizedTest
    @MethodSource("values")
    void a_workload_finds_its_own_pods_and_no_others(Path values) {
        var workloads = Chart.render(values).workloads();
        for (var one : workloads) {
            assertThat(one.labels()).containsAllEntriesOf(one.selector());
            assertThat(workloads)
                    .filteredOn(w -> selects(one.selector(), w.labels()))
                    .containsExactly(one);
        }
    }

    @ParameterizedTest
    @MethodSource("values")
    void more_than_one_pod_has_a_disruption_budget_and_one_pod_has_none(Path values) {
        var rendered = Chart.render(values);
        var budgets = rendered.all(V1PodDisruptionBudget.class, "PodDisruptionBudget");
        for (var workload : rendered.workloads()) {
            var own = budgets.stream()
                    .filter(b -> selects(b.getSpec().getSelector().getMatchLabels(), workload.labels()))
                    .toList();
            assertThat(own).as(workload.name()).hasSize(workload.replicas() == 1 ? 0 : 1);
        }
    }

    @ParameterizedTest
    @MethodSource("values")
    void services_lead_to_ports_that_pods_listen_on_without_a_right_to_low_ones(Path values) {
        var rendered = Chart.render(values);
        var services = rendered.all(V1Service.class, "Service");
        assertThat(services).hasSize(2).allSatisfy(service -> {
            var pods = rendered.workloads().stream()
                    .filter(w -> selects(service.getSpec().getSelector(), w.labels()))
                    .toList();
            assertThat(pods).isNotEmpty();
            for (var port : service.getSpec().getPorts())
                assertThat(pods)
                        .allSatisfy(pod -> assertThat(ports(pod.container()))
                                .extracting(V1ContainerPort::getName)
                                .contains(port.getTargetPort().getStrValue()));
        });
        assertThat(rendered.workloads().stream().flatMap(w -> ports(w.container()).stream()))
                .allSatisfy(port -> assertThat(port.getContainerPort()).isGreaterThanOrEqualTo(1024));
    }

    @ParameterizedTest
    @MethodSource("values")
    void what_the_kubelet_asks_is_what_the_management_server_answers(Path values) {
        assertThat(Chart.render(values).workloads()).allSatisfy(workload -> {
            var container = workload.container();
            assertThat(container.getStartupProbe().getHttpGet().getPath()).isEqualTo("/readyz");
            assertThat(container.getReadinessProbe().getHttpGet().getPath()).isEqualTo("/readyz");
            assertThat(container.getLivenessProbe().getHttpGet().getPath()).isEqualTo("/livez");
            var patience = container.getStartupProbe();
            assertThat(patience.getPeriodSeconds() * patience.getFailureThreshold())
                    .isGreaterThanOrEqualTo(120);
        });
    }

    /// By docs/configuration.md a process ends within 10 s, delivery alone within 75 s.
    @ParameterizedTest
    @MethodSource("values")
    void the_kubelet_waits_longer_than_a_stop_takes(Path values) {
        assertThat(Chart.render(values).workloads()).allSatisfy(workload -> {
            long asleep = workload.container().getLifecycle() == null
                    ? 0
                    : workload.container()
                            .getLifecycle()
                            .getPreStop()
                            .getSleep()
                            .getSeconds();
            long stop = workload.component().equals("delivery") ? 75 : 10;
            assertThat(workload.pod().getTerminationGracePeriodSeconds()).isGreaterThan(asleep + stop);
            boolean door = ports(workload.container()).stream().anyMatch(p -> "smtp".equals(p.getName()));
            assertThat(asleep).isEqualTo(door ? 5 : 0);
        });
    }

    @Test
    void every_name_fits_even_under_the_longest_release_name() throws IOException {
        var longest = "r".repeat(53); // Helm takes no longer one
        for (var values : Chart.valueFiles()) {
            var rendered = Chart.render(values, longest);
            assertThat(rendered.documents())
                    .extracting(d -> Rendered.name(d).length())
                    .allSatisfy(octets -> assertThat(octets).isLessThanOrEqualTo(63));
            // A pod's name, its host name and so POSTMESH_INSTANCE: -0123456789-abcde behind it.
            assertThat(rendered.workloads())
                    .extracting(w -> w.name().length() + 17)
                    .allSatisfy(octets -> assertThat(octets).isLessThanOrEqualTo(63));
        }
    }

    private static boolean selects(Map<String, String> selector, Map<String, String> labels) {
        return labels.entrySet().containsAll(selector.entrySet());
    }

    private static List<V1ContainerPort> ports(V1Container container) {
        return container.getPorts();
    }
}
