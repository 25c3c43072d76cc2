package io.postmesh.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The chart speaks of settings that exist: an unknown POSTMESH_ name ends a pod's start, another one does nothing.
final class SettingsTest {
    private static final Pattern PLACED = Pattern.compile("^([A-Za-z0-9_]+): ", Pattern.MULTILINE);

    @Test
    void every_setting_of_every_mesh_is_one_of_configuration_md() throws IOException {
        var documented = Files.readString(Chart.repository("docs/configuration.md"));
        var used = new TreeSet<String>();
        for (var values : Chart.valueFiles()) {
            var rendered = Chart.render(values);
            used.addAll(rendered.settings().keySet());
            rendered.workloads().forEach(w -> w.env().keySet().forEach(n -> used.add(n.replaceAll("_FILE$", ""))));
        }
        assertThat(used)
                .hasSizeGreaterThan(20)
                .allSatisfy(name -> assertThat(documented).contains("`" + name + "`"));
    }

    @Test
    void every_setting_that_has_a_place_of_its_own_is_one_of_configuration_md() throws IOException {
        var documented = Files.readString(Chart.repository("docs/configuration.md"));
        var template = Files.readString(Chart.file("templates/_validate.tpl"));
        int begin = template.indexOf("define \"postmesh.placed\"");
        var placed = PLACED.matcher(template.substring(begin, template.indexOf("{{- end", begin)))
                .results()
                .map((MatchResult m) -> m.group(1))
                .toList();
        assertThat(placed)
                .hasSizeGreaterThan(15)
                .allSatisfy(name -> assertThat(documented).contains("`" + name + "`"));
    }

    @Test
    void a_large_number_is_written_out_and_a_flag_is_a_word() throws IOException {
        var settings = Chart.renderDistributed("""
                        env: {POSTFIX_message_size_limit: 26214400, POSTMESH_MAX_CONNECTIONS: 100000, POSTMESH_TRANSACTIONS: true}
                        """).settings();
        assertThat(settings)
                .containsEntry("POSTFIX_message_size_limit", "26214400")
                .containsEntry("POSTMESH_MAX_CONNECTIONS", "100000")
                .containsEntry("POSTMESH_TRANSACTIONS", "true");
    }

    @Test
    void the_words_of_the_image_are_the_components() throws IOException {
        var rendered = Chart.renderDistributed("");
        for (var workload : rendered.workloads())
            assertThat(workload.container().getArgs()).containsExactly(workload.component());
        assertThat(rendered.workloads()).hasSize(4);
    }
}
