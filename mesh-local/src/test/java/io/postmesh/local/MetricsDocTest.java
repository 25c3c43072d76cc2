package io.postmesh.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A metric nobody explains helps nobody at night, and an alert on one that does not exist never rings.
@ExtendWith(SharedMesh.class)
class MetricsDocTest {
    private static final Path ROOT = Path.of("..");

    @Test
    void everyMetricOfARunningMeshIsDescribedInItsOwnWords(TestMesh mesh) throws Exception {
        var page = Files.readString(ROOT.resolve("docs/metrics.md"));
        var scrape = Scrape.of(mesh);
        assertThat(scrape.ours()).isNotEmpty().allSatisfy(metric -> {
            var row = page.lines()
                    .filter(line -> line.startsWith("| `" + metric.name() + "` | "))
                    .findFirst()
                    .orElse("");
            assertThat(row).contains(" | " + metric.type() + " | ").contains(metric.help());
            for (var label : scrape.labels(metric)) assertThat(row).contains("`" + label + "`");
        });
    }

    @Test
    void whereTheValuesOfALabelAreListedTheListIsWhole(TestMesh mesh) throws Exception {
        var scrape = Scrape.of(mesh);
        var lists = Pattern.compile("`([a-z_]+)`: ([^;|]+)");
        Files.readString(ROOT.resolve("docs/metrics.md"))
                .lines()
                .filter(line -> line.startsWith("| `postmesh_"))
                .forEach(row -> lists.matcher(row.split(" \\| ")[2])
                        .results()
                        .filter(list -> !list.group(2).contains("...")
                                && !list.group(2).strip().equals("as above"))
                        .forEach(list -> assertThat(scrape.values(row.split("`")[1], list.group(1)))
                                .as(row)
                                .isSubsetOf(list.group(2).strip().split(", "))));
    }

    @Test
    void everyMetricThatIsDescribedIsToldFromTheStart(TestMesh mesh) throws Exception {
        var described = Pattern.compile("(?m)^\\| `(postmesh_[a-z_]+)` \\|")
                .matcher(Files.readString(ROOT.resolve("docs/metrics.md")))
                .results()
                .map(row -> row.group(1));
        assertThat(described).isNotEmpty().isSubsetOf(Scrape.of(mesh).names());
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
