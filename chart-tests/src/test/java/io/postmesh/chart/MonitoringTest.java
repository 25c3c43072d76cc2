package io.postmesh.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What Prometheus and Grafana are given is what this repository has for them.
final class MonitoringTest {
    private static final String ALL = """
            metrics:
              serviceMonitor: {enabled: true, labels: {release: prometheus}}
              prometheusRule: {enabled: true, labels: {release: prometheus}}
              dashboards: {enabled: true}
            """;

    @Test
    void every_rule_file_is_a_rule_object_of_the_same_content() throws IOException {
        var rendered = Chart.renderDistributed(ALL);
        var files = files(Chart.repository("deploy/prometheus"), ".yml");
        assertThat(files).isNotEmpty();
        assertThat(rendered.ofKind("PrometheusRule")).hasSameSizeAs(files);
        for (var file : files) {
            var name = file.getFileName().toString().replaceAll("^postmesh-|\\.yml$", "");
            assertThat(rendered.one("PrometheusRule", "mesh-postmesh-" + name).get("spec"))
                    .isEqualTo(new Gson().toJsonTree(Chart.read(Files.readString(file)), Map.class));
        }
    }

    @Test
    void alerts_link_to_the_addresses_that_are_given() throws IOException {
        var alerts = Chart.renderDistributed("""
                        metrics:
                          prometheusRule:
                            enabled: true
                            runbooks: https://git.example.com/postmesh/
                            grafana: https://grafana.example.com
                        """).all(CustomResources.PrometheusRule.class, "PrometheusRule").stream()
                .flatMap(rules -> rules.spec().groups().stream())
                .flatMap(group -> group.rules().stream())
                .filter(rule -> rule.alert() != null)
                .toList();
        assertThat(alerts)
                .isNotEmpty()
                .allSatisfy(alert -> assertThat(alert.annotations())
                        .containsEntry(
                                "runbook_url",
                                "https://git.example.com/postmesh/docs/operations.md#"
                                        + alert.alert().toLowerCase(Locale.ROOT))
                        .hasEntrySatisfying(
                                "dashboard",
                                link -> assertThat(link).startsWith("https://grafana.example.com/d/postmesh-")));
    }

    @Test
    void every_dashboard_is_where_grafana_looks_for_it_as_it_is_in_the_repository() throws IOException {
        var dashboards = Chart.renderDistributed(ALL).all(V1ConfigMap.class, "ConfigMap").stream()
                .filter(map -> map.getMetadata().getLabels().containsKey("grafana_dashboard"))
                .toList();
        var content = new HashMap<String, String>();
        for (var file : files(Chart.repository("deploy/grafana/dashboards"), ".json"))
            content.put("postmesh-" + file.getFileName(), Files.readString(file));
        assertThat(content).isNotEmpty();
        assertThat(dashboards)
                .flatExtracting(map -> map.getData().entrySet())
                .containsExactlyInAnyOrderElementsOf(content.entrySet());
    }

    @Test
    void the_monitor_finds_the_one_service_that_has_every_pod() throws IOException {
        var rendered = Chart.renderDistributed(ALL);
        var monitor = rendered.all(CustomResources.ServiceMonitor.class, "ServiceMonitor")
                .getFirst();
        var wanted = monitor.spec().selector().matchLabels().entrySet();
        var found = rendered.all(V1Service.class, "Service").stream()
                .filter(s -> s.getMetadata().getLabels().entrySet().containsAll(wanted))
                .toList();
        assertThat(found).hasSize(1);
        assertThat(monitor.metadata().labels()).containsEntry("release", "prometheus");
        assertThat(found.getFirst().getMetadata().getLabels())
                .as("the name of the release is its job: two in one namespace are two meshes")
                .containsEntry(monitor.spec().jobLabel(), "mesh");
        assertThat(found.getFirst().getSpec().getPorts())
                .extracting(p -> p.getName())
                .containsExactly(monitor.spec().endpoints().getFirst().port());
        var selector = found.getFirst().getSpec().getSelector().entrySet();
        assertThat(rendered.workloads())
                .allSatisfy(w -> assertThat(w.labels().entrySet()).containsAll(selector));
    }

    @Test
    void without_an_operator_none_of_its_kinds_is_there() throws IOException {
        assertThat(Chart.renderDistributed("").documents())
                .extracting(JsonObject::toString)
                .noneMatch(d -> d.contains("monitoring.coreos.com"));
    }

    private static List<Path> files(Path folder, String end) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.toString().endsWith(end)).sorted().toList();
        }
    }
}
