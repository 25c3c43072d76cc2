package io.postmesh.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A metric nobody explains helps nobody at night, and an alert on one that does not exist never rings.
@ExtendWith(SharedMesh.class)
class MetricsDocTest {
    private static final Path ROOT = Path.of("..");

    @Test
    void everyMeterOfARunningMeshIsDescribedInItsOwnWords(TestMesh mesh) throws Exception {
        var page = Files.readString(ROOT.resolve("docs/metrics.md"));
        var missing = new TreeSet<String>();
        mesh.node().platform().meters().forEachMeter(meter -> {
            var id = meter.getId();
            if (!id.getName().startsWith("postmesh_")) return;
            var line = page.lines()
                    .filter(text -> text.matches("\\| `" + id.getName() + "(_total|_seconds)?` .*"))
                    .findFirst()
                    .orElse("");
            if (!line.contains(String.valueOf(id.getDescription()))) missing.add(id.getName());
        });
        assertThat(missing).isEmpty();
    }

    @Test
    void everyAlertIsOnAMetricThatIsDescribedAndSaysWhatToDo() throws Exception {
        var page = Files.readString(ROOT.resolve("docs/metrics.md"));
        var rules = rules();
        var names = Pattern.compile("\\bpostmesh_[a-z_]+")
                .matcher(rules)
                .results()
                .map(found -> found.group().replaceFirst("(?<=_seconds|_bytes)_(bucket|count|sum)$", ""))
                .toList();
        assertThat(names).isNotEmpty().allMatch(name -> page.contains("\n| `" + name + "` |"));
        for (var alert : rules.split("- alert: ", -1)) {
            if (alert.startsWith("Postmesh"))
                assertThat(alert).contains("expr: ", "severity: ", "summary: ", "description: ");
        }
    }

    private static String rules() throws IOException {
        var all = new StringBuilder();
        try (var files = Files.newDirectoryStream(ROOT.resolve("deploy/prometheus"), "*.yml")) {
            for (var file : files) all.append(Files.readString(file)).append('\n');
        }
        return all.toString();
    }
}
