package io.postmesh.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What holds for the compose files, read as YAML: no engine is asked.
final class ComposeTest {
    private static final String MESH = "docker-compose.yml";
    private static final String SINGLE = "deploy/single.compose.yml";
    private static final String RELAY = "deploy/compose/relay.yml";

    /// Those with no health check, each with its reason in the file.
    private static final List<String> UNASKED = List.of("sink", "load", "collector");

    private static final Pattern ROW = Pattern.compile("^\\| ([^|]*)\\|", Pattern.MULTILINE);
    private static final Pattern NAME = Pattern.compile("`([A-Za-z_]+)`");

    @ParameterizedTest
    @ValueSource(strings = {MESH, SINGLE, RELAY})
    void nobody_beyond_this_host_reaches_a_port_and_no_version_is_named(String file) throws IOException {
        assertThat(read(file)).doesNotContainKey("version");
        services(file)
                .forEach((name, service) -> assertThat(list(service, "ports"))
                        .as(name)
                        .allSatisfy(port -> assertThat(port).asString().startsWith("127.0.0.1:")));
    }

    @Test
    void the_door_and_what_is_looked_at_have_a_port_and_nothing_else_has() throws IOException {
        assertThat(services(MESH).entrySet().stream()
                        .filter(one -> !list(one.getValue(), "ports").isEmpty())
                        .map(Map.Entry::getKey))
                .containsExactlyInAnyOrder("ingress", "prometheus", "alertmanager", "grafana");
        assertThat(list(service(SINGLE, "mail"), "ports")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {MESH, SINGLE})
    void every_service_has_a_health_check_or_its_reason_stands_beside_it(String file) throws IOException {
        assertThat(Files.readString(Chart.repository("Dockerfile"))).contains("\nHEALTHCHECK ");
        services(file).forEach((name, service) -> {
            boolean ours = String.valueOf(service.get("image")).startsWith("${POSTMESH_IMAGE:-");
            var check = map(service, "healthcheck");
            boolean asked = ours ? !check.containsKey("disable") : check.containsKey("test");
            assertThat(asked).as(name).isEqualTo(!UNASKED.contains(name));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {MESH, SINGLE})
    void who_has_no_health_check_says_why(String file) throws IOException {
        var text = Files.readString(Chart.repository(file));
        assertThat(text.lines().filter(line -> line.contains("healthcheck: {disable: true}")))
                .allSatisfy(line -> assertThat(line).contains("} # "));
        if (file.equals(MESH)) assertThat(text).contains("collector: # no health check: ");
    }

    /// What is past its dot is waited for 60 s.
    @Test
    void delivery_is_given_the_time_it_needs_to_stop() throws IOException {
        for (var worker : List.of("delivery", "delivery-more"))
            assertThat(service(MESH, worker)).containsEntry("stop_grace_period", "75s");
        assertThat(services(RELAY).values()).noneMatch(service -> service.containsKey("stop_grace_period"));
    }

    @ParameterizedTest
    @ValueSource(strings = {SINGLE, RELAY})
    void every_setting_of_boky_that_works_is_passed_on_and_none_is_demanded(String file) throws IOException {
        var passed = new TreeSet<String>();
        services(file)
                .values()
                .forEach(service -> map(service, "environment").forEach((name, value) -> {
                    assertThat(value).asString().matches("\\$\\{" + name + ":?-.*}");
                    passed.add(name);
                }));
        passed.removeIf(name -> name.startsWith("POSTMESH_"));
        assertThat(passed).hasSizeGreaterThan(14).containsExactlyElementsOf(ofBoky());
    }

    /// Whose password it is.
    @Test
    void the_relays_password_is_deliverys_alone_and_all_else_is_everybodys() throws IOException {
        var desk = new TreeSet<>(map(service(RELAY, "ingress"), "environment").keySet());
        assertThat(desk).doesNotContain("RELAYHOST_USERNAME", "RELAYHOST_PASSWORD");
        for (var service : List.of("policy", "signer", "delivery", "delivery-more"))
            assertThat(map(service(RELAY, service), "environment").keySet().stream()
                            .filter(name -> !name.matches("RELAYHOST_(USERNAME|PASSWORD)")))
                    .as(service)
                    .containsExactlyInAnyOrderElementsOf(desk);
    }

    /// In the tables of configuration.md: what has neither our prefix nor OpenTelemetry's.
    private static TreeSet<String> ofBoky() throws IOException {
        return ROW.matcher(Files.readString(Chart.repository("docs/configuration.md")))
                .results()
                .flatMap(row -> NAME.matcher(row.group(1)).results())
                .map(name -> name.group(1))
                .filter(name -> name.matches("[A-Z]+_.*|RELAYHOST"))
                .filter(name -> !name.matches("(POSTMESH|OTEL)_.*"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Map<String, Object> read(String file) throws IOException {
        return Chart.read(Files.readString(Chart.repository(file)));
    }

    private static Map<String, Map<String, Object>> services(String file) throws IOException {
        var all = map(read(file), "services");
        return all.keySet().stream().collect(Collectors.toMap(name -> name, name -> map(all, name)));
    }

    private static Map<String, Object> service(String file, String name) throws IOException {
        return map(map(read(file), "services"), name);
    }

    @SuppressWarnings("unchecked") // keys of these documents are text
    private static Map<String, Object> map(Map<String, Object> document, String key) {
        return (Map<String, Object>) document.getOrDefault(key, Map.of());
    }

    private static List<?> list(Map<String, Object> document, String key) {
        return Stream.of(document.getOrDefault(key, List.of()))
                .map(List.class::cast)
                .findFirst()
                .orElseThrow();
    }
}
