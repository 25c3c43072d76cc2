package io.postmesh.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// A panel or an alert on a metric that does not exist shows that all is well; so does a metric nobody looks at.
@ExtendWith(SharedMesh.class)
class DashboardsTest {
    private static final Path DEPLOY = Path.of("../deploy");
    private static final Pattern NAME = Pattern.compile("\\b(?:postmesh|jvm|process)_[a-z0-9_]+");

    @Test
    void whatIsCommittedIsWhatTheProgramWrites() throws IOException {
        for (var dashboard : Dashboards.all())
            assertThat(Files.readString(Dashboards.FOLDER.resolve(dashboard.name() + ".json")))
                    .as("run io.postmesh.local.Dashboards and commit what it wrote")
                    .isEqualTo(Dashboards.json(dashboard));
    }

    @Test
    void everyPanelSaysWhatItShowsAndTheObjectivesComeFirst() {
        for (var dashboard : Dashboards.all()) {
            assertThat(dashboard.objectives()).isNotEmpty().allMatch(Dashboards.Panel::stat);
            assertThat(dashboard.panels()).isNotEmpty().noneMatch(Dashboards.Panel::stat);
            for (var panel : dashboard.panels()) assertThat(panel.description()).endsWith(".");
        }
    }

    @Test
    void everyMetricThatIsAskedForExistsAndEachThatExistsIsLookedAt(TestMesh mesh) throws Exception {
        System.gc(); // pauses are told from the first one on
        await().atMost(TestMesh.SOON).until(() -> Scrape.of(mesh).names().contains("jvm_gc_pause_seconds"));
        var scrape = Scrape.of(mesh);
        var there = scrape.names();
        var asked = asked();
        assertThat(asked.stream().filter(name -> !there.contains(name))).isEmpty();
        var exempt = exempt();
        assertThat(exempt.stringPropertyNames().stream().filter(name -> asked.contains(name)))
                .as("exempt, and asked for all the same")
                .isEmpty();
        assertThat(exempt.values()).allSatisfy(why -> assertThat(why.toString()).isNotBlank());
        var overlooked = scrape.ours()
                .map(Scrape.Metric::name)
                .filter(name -> !asked.contains(name) && !exempt.containsKey(name))
                .toList();
        assertThat(overlooked).as("on no dashboard, in no rule, not exempt").isEmpty();
    }

    @Test
    void everyRecordedSeriesThatIsAskedForIsRecorded() throws IOException {
        var recorded = found(Pattern.compile("(?m)^ +- record: (\\S+)$"), rules());
        var used = found(Pattern.compile("\\b(postmesh:[a-z0-9_]+:[a-z0-9_]+)"), rules() + dashboards());
        assertThat(used).isEqualTo(recorded).isNotEmpty();
    }

    @Test
    void prometheusUnderstandsWhatEveryPanelAsks(@TempDir Path folder) throws Exception {
        Programs.need("promtool", "prometheus");
        var rules = new JsonArray();
        for (var dashboard : Dashboards.all())
            for (var panel : dashboard.all().toList())
                for (var query : panel.queries())
                    rules.add(new JsonObject().put("record", "asked").put("expr", filledIn(query.expr())));
        var group = new JsonObject().put("name", "asked").put("rules", rules);
        var file = folder.resolve("asked.yml"); // JSON is YAML
        Files.writeString(
                file, new JsonObject().put("groups", new JsonArray().add(group)).encode());
        var ended = Programs.run("", List.of("promtool", "check", "rules", "--lint=none", file.toString()));
        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(ended.output()).contains("SUCCESS: " + rules.size() + " rules");
    }

    // As Grafana does with its variables.
    private static String filledIn(String expr) {
        var filled = expr.replace("$__rate_interval", "5m").replaceAll("\\$(job|instance|provider)", ".*");
        assertThat(filled).doesNotContain("$");
        return filled;
    }

    @Test
    void prometheusOwnJudgeFindsNothingWrongWithOurs(TestMesh mesh) throws Exception {
        Programs.need("promtool", "prometheus");
        var ended = Programs.run(Scrape.of(mesh).text(), List.of("promtool", "check", "metrics"));
        assertThat(ended.output().lines().filter(line -> line.startsWith("postmesh_")))
                .isEmpty();
        assertThat(ended.output()).doesNotContain("error while linting");
    }

    private static Set<String> asked() throws IOException {
        return NAME.matcher(rules() + dashboards())
                .results()
                .map(found -> found.group().replaceFirst("(?<=_seconds|_bytes)_(bucket|count|sum)$", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> found(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Properties exempt() throws IOException {
        var exempt = new Properties();
        try (var in = Files.newBufferedReader(DEPLOY.resolve("grafana/exempt.properties"))) {
            exempt.load(in);
        }
        return exempt;
    }

    private static String rules() throws IOException {
        return all(DEPLOY.resolve("prometheus"), "*.yml");
    }

    private static String dashboards() throws IOException {
        return all(Dashboards.FOLDER, "*.json");
    }

    private static String all(Path folder, String names) throws IOException {
        var all = new StringBuilder();
        try (var files = Files.newDirectoryStream(folder, names)) {
            for (var file : files) all.append(Files.readString(file)).append('\n');
        }
        return all.toString();
    }
}
