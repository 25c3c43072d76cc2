package io.postmesh.local;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Writes Grafana's dashboards; run it after a change here, and commit what it wrote. It stands among the tests because
/// nothing of it belongs to the product.
final class Dashboards {
    static final Path FOLDER = Path.of("../deploy/grafana/dashboards");

    record Query(String expr, String legend) {}

    /// What colours a number: red where it is missed.
    record Goal(double edge, boolean atLeast) {
        static Goal atLeast(double edge) {
            return new Goal(edge, true);
        }

        static Goal below(double edge) {
            return new Goal(edge, false);
        }
    }

    /// @param goal of one number, large; without one: curves
    record Panel(
            String title,
            String description,
            String unit,
            @Nullable Goal goal,
            List<Query> queries) {
        boolean stat() {
            return goal != null;
        }

        boolean asks(String what) {
            return queries.stream().anyMatch(query -> query.expr().contains(what));
        }
    }

    record Dashboard(String name, String title, List<Panel> objectives, List<Panel> panels) {
        Stream<Panel> all() {
            return Stream.concat(objectives.stream(), panels.stream());
        }
    }

    private Dashboards() {}

    public static void main(String[] arguments) throws IOException {
        Files.createDirectories(FOLDER);
        for (var dashboard : all()) Files.writeString(FOLDER.resolve(dashboard.name() + ".json"), json(dashboard));
    }

    static List<Dashboard> all() {
        return List.of(
                new Dashboard("overview", "Overview", DashboardPanels.objectives(), DashboardPanels.overview()),
                new Dashboard(
                        "destinations", "Destinations", DashboardPanels.objectives(), DashboardPanels.destinations()),
                new Dashboard("ingress", "Ingress & policy", DashboardPanels.objectives(), DashboardPanels.ingress()),
                new Dashboard("pipeline", "Pipeline", DashboardPanels.objectives(), DashboardPanels.pipeline()),
                new Dashboard("jvm", "JVM", DashboardPanels.objectives(), DashboardPanels.jvm()));
    }

    static String json(Dashboard dashboard) {
        var panels = new JsonArray();
        var tiles = new ArrayList<JsonObject>();
        for (int i = 0; i < dashboard.objectives().size(); i++)
            tiles.add(panel(dashboard.objectives().get(i), i + 1, place(4 * i, 0, 4, 4)));
        for (int i = 0; i < dashboard.panels().size(); i++)
            tiles.add(panel(dashboard.panels().get(i), 100 + i, place(12 * (i % 2), 4 + 8 * (i / 2), 12, 8)));
        tiles.forEach(panels::add);
        return new JsonObject()
                        .put("uid", "postmesh-" + dashboard.name())
                        .put("title", "Postmesh: " + dashboard.title())
                        .put("tags", new JsonArray().add("postmesh"))
                        .put("schemaVersion", 39)
                        .put("editable", false)
                        .put("refresh", "30s")
                        .put("time", new JsonObject().put("from", "now-3h").put("to", "now"))
                        .put("links", new JsonArray().add(links()))
                        .put("templating", new JsonObject().put("list", variables(dashboard)))
                        .put("panels", panels)
                        .encodePrettily()
                + "\n";
    }

    private static JsonObject links() {
        return new JsonObject()
                .put("type", "dashboards")
                .put("title", "Postmesh")
                .put("tags", new JsonArray().add("postmesh"))
                .put("asDropdown", false);
    }

    // Each chooses among what those before it leave. "All" is also what has no such label: without Kubernetes there is
    // no namespace.
    private static JsonArray variables(Dashboard dashboard) {
        var variables = new JsonArray()
                .add(new JsonObject()
                        .put("name", "datasource")
                        .put("label", "Prometheus")
                        .put("type", "datasource")
                        .put("query", "prometheus"))
                .add(variable("namespace", "label_values(postmesh_build_info, namespace)"))
                .add(variable("job", "label_values(postmesh_build_info{namespace=~\"$namespace\"}, job)"))
                .add(variable(
                        "instance",
                        "label_values(postmesh_build_info{namespace=~\"$namespace\",job=~\"$job\"}, instance)"));
        if (dashboard.all().anyMatch(panel -> panel.asks("$provider")))
            variables.add(
                    variable(
                            "provider",
                            "label_values(postmesh_delivery_connections_active{namespace=~\"$namespace\",job=~\"$job\"}, provider)"));
        return variables;
    }

    private static JsonObject variable(String name, String query) {
        return new JsonObject()
                .put("name", name)
                .put("type", "query")
                .put("datasource", source())
                .put("query", query)
                .put("refresh", 2)
                .put("includeAll", true)
                .put("multi", true)
                .put("allValue", ".*")
                .put("current", new JsonObject().put("text", "All").put("value", "$__all"));
    }

    private static JsonObject source() {
        return new JsonObject().put("type", "prometheus").put("uid", "${datasource}");
    }

    private static JsonObject place(int x, int y, int w, int h) {
        return new JsonObject().put("x", x).put("y", y).put("w", w).put("h", h);
    }

    private static JsonObject panel(Panel panel, int id, JsonObject place) {
        var targets = new JsonArray();
        for (int i = 0; i < panel.queries().size(); i++) {
            var query = panel.queries().get(i);
            targets.add(new JsonObject()
                    .put("refId", String.valueOf((char) ('A' + i)))
                    .put("expr", query.expr())
                    .put("legendFormat", query.legend())
                    .put("instant", panel.stat())
                    .put("range", !panel.stat())
                    .put("exemplar", !panel.stat()));
        }
        var field = new JsonObject().put("unit", panel.unit());
        var json = new JsonObject()
                .put("id", id)
                .put("type", panel.stat() ? "stat" : "timeseries")
                .put("title", panel.title())
                .put("description", panel.description())
                .put("datasource", source())
                .put("gridPos", place)
                .put("fieldConfig", new JsonObject().put("defaults", field))
                .put("targets", targets);
        if (panel.goal() == null) return json;
        field.put("thresholds", thresholds(panel.goal()));
        if (panel.unit().equals("percentunit")) field.put("decimals", 2); // 99.96 % is not 100 %
        // The number of now: a curve's last one may be that of hours ago.
        return json.put("options", new JsonObject().put("colorMode", "value").put("graphMode", "none"));
    }

    private static JsonObject thresholds(Goal goal) {
        var from =
                new JsonObject().put("color", goal.atLeast() ? "red" : "green").putNull("value");
        var edge =
                new JsonObject().put("color", goal.atLeast() ? "green" : "red").put("value", goal.edge());
        return new JsonObject()
                .put("mode", "absolute")
                .put("steps", new JsonArray().add(from).add(edge));
    }
}
