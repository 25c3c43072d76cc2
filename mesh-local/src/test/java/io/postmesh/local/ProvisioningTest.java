package io.postmesh.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/// What the compose file hands to Grafana and to the collector fits together. Grafana passes over what it cannot read,
/// with a line in a log nobody looks at.
class ProvisioningTest {
    private static final Path ROOT = Path.of("..");
    private static final Path PROVISIONING = ROOT.resolve("deploy/grafana/provisioning");

    @Test
    void everyDashboardHasItsOwnUidAndAsksTheSourceThatIsChosen() throws IOException {
        var uids = new HashSet<String>();
        try (var files = Files.newDirectoryStream(Dashboards.FOLDER, "*.json")) {
            for (var file : files) {
                var dashboard = new JsonObject(Files.readString(file));
                assertThat(uids.add(dashboard.getString("uid")))
                        .as(file + " has a uid of its own")
                        .isTrue();
                assertThat(dashboard.getInteger("schemaVersion")).isPositive();
                assertThat(dashboard.getString("title")).isNotBlank();
                var sources = objects(dashboard.getJsonObject("templating").getJsonArray("list")).stream()
                        .filter(variable -> variable.getString("type").equals("datasource"));
                assertThat(sources).singleElement().satisfies(source -> {
                    assertThat(source.getString("name")).isEqualTo("datasource");
                    assertThat(source.getString("query")).isEqualTo("prometheus");
                });
                assertThat(objects(dashboard.getJsonArray("panels")))
                        .isNotEmpty()
                        .allMatch(panel -> panel.getJsonObject("datasource")
                                .getString("uid")
                                .equals("${datasource}"));
            }
        }
        assertThat(uids).hasSameSizeAs(Dashboards.all());
    }

    @Test
    void everyAlertLinksToADashboardThatIsThere() throws IOException {
        var links = Dashboards.all().stream()
                .map(dashboard -> "/d/" + new JsonObject(Dashboards.json(dashboard)).getString("uid"))
                .toList();
        try (var files = Files.newDirectoryStream(ROOT.resolve("deploy/prometheus"), "*.yml")) {
            for (var file : files)
                for (var group : objects(yaml(file).getJsonArray("groups")))
                    assertThat(objects(group.getJsonArray("rules")))
                            .filteredOn(rule -> rule.containsKey("alert"))
                            .extracting(
                                    rule -> rule.getJsonObject("annotations").getString("dashboard"))
                            .isSubsetOf(links);
        }
    }

    @Test
    void grafanaFindsTheDashboardsAndThePrometheusOfTheComposeFile() throws IOException {
        var services = yaml(ROOT.resolve("docker-compose.yml")).getJsonObject("services");
        var provider = yaml(PROVISIONING.resolve("dashboards/postmesh.yml"))
                .getJsonArray("providers")
                .getJsonObject(0);
        var dashboards = provider.getJsonObject("options").getString("path");
        assertThat(services.getJsonObject("grafana").getJsonArray("volumes"))
                .contains(
                        "./deploy/grafana/provisioning:/etc/grafana/provisioning:ro",
                        "./deploy/grafana/dashboards:" + dashboards + ":ro");
        var source = yaml(PROVISIONING.resolve("datasources/prometheus.yml"))
                .getJsonArray("datasources")
                .getJsonObject(0);
        assertThat(source.getString("type")).isEqualTo("prometheus");
        assertThat(source.getString("url")).isEqualTo("http://prometheus:9090");
        assertThat(services.containsKey("prometheus")).isTrue();
    }

    @Test
    void whatTheCollectorsPipelineNamesIsThere() throws IOException {
        var config = yaml(ROOT.resolve("deploy/compose/collector.yml"));
        var traces = config.getJsonObject("service").getJsonObject("pipelines").getJsonObject("traces");
        for (var kind : List.of("receivers", "processors", "exporters"))
            assertThat(traces.getJsonArray(kind))
                    .isNotEmpty()
                    .allMatch(name -> config.getJsonObject(kind).containsKey(name.toString()));
    }

    private static JsonObject yaml(Path file) throws IOException {
        return new JsonObject(new Yaml().<Map<String, Object>>load(Files.readString(file)));
    }

    private static List<JsonObject> objects(JsonArray array) {
        return IntStream.range(0, array.size()).mapToObj(array::getJsonObject).toList();
    }
}
