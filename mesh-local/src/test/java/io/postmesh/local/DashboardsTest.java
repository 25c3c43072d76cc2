package io.postmesh.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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
    void everyPanelAsksForTheChosenMeshesAndTellsThemApart() {
        var aggregation = Pattern.compile("\\b(sum|max|min|count|avg)\\b(?! by \\(namespace, job[,)])");
        for (var dashboard : Dashboards.all())
            for (var panel : dashboard.all().toList())
                assertThat(panel.queries()).as(panel.title()).isNotEmpty().allSatisfy(query -> {
                    assertThat(selectors(query.expr()))
                            .isNotEmpty()
                            .allMatch(selector -> selector.startsWith("{namespace=~\"$namespace\",job=~\"$job\""));
                    assertThat(query.expr()).doesNotContainPattern(aggregation);
                    assertThat(query.legend()).contains("{{namespace}} {{job}}");
                });
    }

    // Behind each name of a metric; empty where it has none.
    private static List<String> selectors(String expr) {
        return Pattern.compile("\\b(?:postmesh|jvm|process)[_:][a-z0-9_:]+(\\{[^}]*})?")
                .matcher(expr)
                .results()
                .map(found -> Optional.ofNullable(found.group(1)).orElse(""))
                .toList();
    }

    @Test
    void everyDashboardOffersTheVariablesItUsesAndNoOthers() {
        for (var dashboard : Dashboards.all()) {
            var json = Dashboards.json(dashboard);
            var offered = new JsonObject(json)
                    .getJsonObject("templating").getJsonArray("list").stream()
                            .map(variable -> ((JsonObject) variable).getString("name"));
            var used = found(Pattern.compile("\\$\\{?([a-z]+)"), json);
            assertThat(offered).as(dashboard.name()).containsExactlyInAnyOrderElementsOf(used);
        }
    }

    @Test
    void everyPanelHasTheUnitOfAllThatItShows() {
        for (var dashboard : Dashboards.all())
            for (var panel : dashboard.all().toList())
                assertThat(panel.queries())
                        .as(panel.title())
                        .allSatisfy(query -> assertThat(unit(query.expr())).isEqualTo(panel.unit()));
    }

    // As the names of metrics tell it.
    private static String unit(String expr) {
        var matcher =
                Pattern.compile("\\b(?:postmesh|jvm|process)[_:][a-z0-9_:]+").matcher(expr);
        assertThat(matcher.find()).as(expr).isTrue();
        var name = matcher.group();
        boolean rate = expr.contains("rate(") && !expr.contains("histogram_quantile(") && !expr.contains(") / ");
        if (name.contains(":ratio_") || name.endsWith("_usage")) return "percentunit";
        if (rate && name.endsWith("_seconds_sum")) return "percentunit";
        if (rate) return name.contains("_bytes_") ? "Bps" : "cps";
        if (name.contains("_seconds")) return "s";
        return name.contains("_bytes") ? "bytes" : "short";
    }

    // Idle meshes divide nothing by nothing; before the first mail there is no series at all.
    @Test
    void aTileShowsANumberForEachMeshThatHasOneAndElseNothing(@TempDir Path folder) throws Exception {
        Programs.need("promtool", "prometheus");
        var tests = new JsonArray();
        for (var tile : Dashboards.all().getFirst().objectives()) {
            var expr = filledIn(tile.queries().getFirst().expr());
            var metric = found(Pattern.compile("\\b(postmesh[_:][a-z0-9_:]+)"), expr)
                    .iterator()
                    .next();
            var value = expr.startsWith("1 - ") ? 0.75 : 0.25;
            tests.add(asked(expr, new JsonArray(), new JsonArray()));
            var series = new JsonArray()
                    .add(series(metric, "busy", "0.25"))
                    .add(series(metric, "", "0.25"))
                    .add(series(metric, "idle", "NaN"));
            var told = new JsonArray()
                    .add(new JsonObject()
                            .put("labels", "{namespace=\"busy\", job=\"postmesh\"}")
                            .put("value", value))
                    .add(new JsonObject().put("labels", "{job=\"postmesh\"}").put("value", value));
            tests.add(asked(expr, series, told));
        }
        var file = folder.resolve("tiles.yml"); // JSON is YAML
        Files.writeString(file, new JsonObject().put("tests", tests).encode());
        var ended = Programs.run("", List.of("promtool", "test", "rules", file.toString()));
        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(ended.output()).contains("SUCCESS");
    }

    private static JsonObject series(String metric, String namespace, String value) {
        return new JsonObject()
                .put("series", metric + "{namespace=\"" + namespace + "\",job=\"postmesh\"}")
                .put("values", value);
    }

    private static JsonObject asked(String expr, JsonArray series, JsonArray told) {
        var test = new JsonObject().put("expr", expr).put("eval_time", "0s").put("exp_samples", told);
        return new JsonObject().put("input_series", series).put("promql_expr_test", new JsonArray().add(test));
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
        var filled = expr.replace("$__rate_interval", "5m").replaceAll("\\$(namespace|job|instance|provider)", ".*");
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
