package io.postmesh.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Helm takes the chart, and Kubernetes knows what comes out.
final class RenderingTest {
    @TempDir
    Path scratch = Path.of("");

    static List<Path> values() throws IOException {
        return Chart.valueFiles();
    }

    @ParameterizedTest
    @MethodSource("values")
    void the_linter_has_nothing_to_say_but_that_there_is_no_icon(Path values) throws IOException {
        var lint = Chart.lint(values, scratch);
        assertThat(lint.isFailed()).isFalse();
        assertThat(lint.getMessages()).containsExactly("[INFO] Chart.yaml: icon is recommended");
    }

    @ParameterizedTest
    @MethodSource("values")
    void kubernetes_knows_every_field(Path values) {
        var rendered = Chart.render(values);
        assertThat(rendered.documents()).hasSizeGreaterThan(4);
        rendered.documents().forEach(KubernetesTypes::check);
    }

    @ParameterizedTest
    @MethodSource("values")
    void no_two_objects_have_one_name(Path values) {
        assertThat(Chart.render(values).documents())
                .extracting(d -> Rendered.kind(d) + " " + Rendered.name(d))
                .doesNotHaveDuplicates();
    }

    @Test
    void a_name_that_looks_like_a_number_stays_a_name() throws IOException {
        Chart.renderDistributed("""
                        domains: [{name: "1.5", dkim: {selector: "7", existingSecret: "123"}}]
                        secrets: {existingSecret: "1e3", names: [RELAYHOST_PASSWORD]}
                        kafka: {tls: {ca: {existingSecret: "1", key: "2"}}, clientConfig: {existingSecret: "3"}}
                        blobs: {store: "", existingClaim: "4"}
                        serviceAccount: {create: false, name: "5"}
                        priorityClassName: "6"
                        test: {to: 1@2}
                        smtp: {trustedNetworks: [10.42.0.0/16]}
                        """).documents().forEach(KubernetesTypes::check);
    }

    @Test
    void the_same_values_render_the_same_objects() throws IOException {
        for (var values : Chart.valueFiles()) assertThat(Chart.render(values)).isEqualTo(Chart.render(values));
    }

    @Test
    void a_kubernetes_without_the_sleep_before_a_stop_is_refused() throws IOException {
        assertThat(Chart.refusalOnKubernetes("1.29.0", Chart.valueFiles().getFirst()))
                .contains(">=1.30.0-0");
    }

    /// The judge itself: what is no field, or of another type, does not get past it.
    @Test
    void a_field_that_is_none_and_a_text_for_a_number_are_told_apart_from_what_kubernetes_takes() {
        var service = """
                {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "x"}, "spec": {"ports": [{"port": %s}]%s}}""";
        KubernetesTypes.check(
                JsonParser.parseString(service.formatted("25", "")).getAsJsonObject());
        for (var wrong : List.of(service.formatted("\"25\"", ""), service.formatted("25", ", \"portz\": 1")))
            assertThatThrownBy(() ->
                            KubernetesTypes.check(JsonParser.parseString(wrong).getAsJsonObject()))
                    .isInstanceOf(AssertionError.class);
        var monitor = """
                {"apiVersion": "monitoring.coreos.com/v1", "kind": "ServiceMonitor", "metadata": {"name": "x"}, "spec": {"endpointz": []}}""";
        assertThatThrownBy(() ->
                        KubernetesTypes.check(JsonParser.parseString(monitor).getAsJsonObject()))
                .hasMessageContaining("endpointz");
    }
}
