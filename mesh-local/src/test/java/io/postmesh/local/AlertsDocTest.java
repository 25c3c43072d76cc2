package io.postmesh.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// An alert that wakes somebody says in docs/operations.md what it means and what to do.
class AlertsDocTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern RULE = Pattern.compile("(?m)^\\s*- alert: (\\w+)$");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(Postmesh\\w+)`");

    @Test
    void everyAlertIsExplainedAndEveryExplainedOneExists() throws IOException {
        var rules = new TreeSet<String>();
        try (var files = Files.list(ROOT.resolve("deploy/prometheus"))) {
            for (var file :
                    files.filter(path -> path.toString().endsWith(".yml")).toList()) {
                RULE.matcher(Files.readString(file)).results().forEach(rule -> rules.add(rule.group(1)));
            }
        }
        var explained = new TreeSet<String>();
        var page = Files.readString(ROOT.resolve("docs/operations.md"));
        ROW.matcher(page).results().forEach(row -> explained.add(row.group(1)));
        assertThat(explained).isEqualTo(rules).isNotEmpty();
        var tests = new StringBuilder();
        for (var file : tests()) tests.append(Files.readString(file));
        assertThat(rules)
                .allSatisfy(rule -> assertThat(tests.toString()).contains(rule + " fires", rule + " stays quiet"));
    }

    @Test
    void everyAlertLinksToItsOwnLineOfThePage() throws IOException {
        var page = Files.readString(ROOT.resolve("docs/operations.md"));
        try (var files = Files.newDirectoryStream(ROOT.resolve("deploy/prometheus"), "*.yml")) {
            for (var file : files) {
                for (var rule : Files.readString(file).split("- alert: ", -1)) {
                    var name = rule.lines().findFirst().orElseThrow();
                    if (!name.startsWith("Postmesh")) continue;
                    var anchor = name.toLowerCase(Locale.ROOT);
                    assertThat(rule).contains("runbook_url: docs/operations.md#" + anchor + "\n");
                    assertThat(page)
                            .containsPattern("(?m)^\\| `" + name + "` \\(\\w+\\) <a id=\"" + anchor + "\"></a> \\|");
                }
            }
        }
    }

    @Test
    void alertmanagerAndPrometheusTakeTheComposeFilesConfigurations() throws Exception {
        Programs.need("amtool", "prometheus-alertmanager");
        Programs.need("promtool", "prometheus");
        var compose = ROOT.resolve("deploy/compose");
        for (var command : List.of(
                List.of(
                        "amtool",
                        "check-config",
                        compose.resolve("alertmanager.yml").toString()),
                List.of(
                        "promtool",
                        "check",
                        "config",
                        compose.resolve("prometheus.yml").toString()))) {
            var ended = Programs.run("", command);
            assertThat(ended.code()).as(ended.output()).isZero();
        }
    }

    @Test
    void prometheusItselfSeesEachAlertFireAndStayQuiet() throws Exception {
        Programs.need("promtool", "prometheus");
        var command = new ArrayList<>(List.of("promtool", "test", "rules"));
        for (var file : tests()) command.add(file.toString());
        var ended = Programs.run("", command);
        assertThat(ended.code()).as(ended.output()).isZero();
    }

    private static List<Path> tests() throws IOException {
        try (var files = Files.list(ROOT.resolve("deploy/prometheus/tests"))) {
            return files.filter(path -> path.toString().endsWith(".yml"))
                    .sorted()
                    .toList();
        }
    }
}
