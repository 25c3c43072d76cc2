package io.postmesh.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The schema, values.yaml and the templates speak of the same values.
final class SchemaTest {
    @Test
    void wherever_the_schema_names_keys_it_takes_no_others() throws IOException {
        var open = new TreeSet<String>();
        walk("", schema(), (path, object) -> {
            boolean named = object.has("properties") && object.get("properties").isJsonObject();
            var others = object.get("additionalProperties");
            if (named && (others == null || !others.toString().equals("false"))) open.add(path);
        });
        assertThat(open).isEmpty();
    }

    @Test
    void every_value_has_its_place_in_the_schema_and_the_other_way_round() throws IOException {
        var inSchema = new TreeSet<String>();
        properties("", schema(), inSchema);
        var inValues = values();
        inSchema.remove("global"); // what Helm hands to every chart
        inSchema.removeIf(path -> path.startsWith("domains.")); // of the items of a list
        assertThat(inSchema).isEqualTo(inValues);
    }

    @Test
    void no_value_is_dead() throws IOException {
        var templates = new StringBuilder();
        try (Stream<Path> files = Files.walk(Chart.file("templates"))) {
            for (var file : files.filter(Files::isRegularFile).toList()) templates.append(Files.readString(file));
        }
        for (var path : values()) {
            var name = path.substring(path.lastIndexOf('.') + 1);
            assertThat(templates.toString()).as(path).containsPattern("(?m)(^|[.\"])" + name + "\\b");
        }
    }

    private static TreeSet<String> values() throws IOException {
        var paths = new TreeSet<String>();
        keys("", Chart.read(Files.readString(Chart.file("values.yaml"))), paths);
        paths.removeIf(path -> path.startsWith("metrics.dashboards.labels.")); // names of labels
        return paths;
    }

    private static JsonObject schema() throws IOException {
        return JsonParser.parseString(Files.readString(Chart.file("values.schema.json")))
                .getAsJsonObject();
    }

    private interface Visitor {
        void see(String path, JsonObject object);
    }

    private static void walk(String path, JsonObject object, Visitor visitor) {
        visitor.see(path, object);
        for (var entry : object.entrySet())
            if (entry.getValue().isJsonObject())
                walk(path + "/" + entry.getKey(), entry.getValue().getAsJsonObject(), visitor);
    }

    private static void properties(String path, JsonObject object, TreeSet<String> found) throws IOException {
        var meant = object;
        if (object.has("$ref")) {
            var name = object.get("$ref").getAsString().replace("#/definitions/", "");
            meant = schema().getAsJsonObject("definitions").getAsJsonObject(name);
        }
        var items = meant.getAsJsonObject("items");
        if (items != null) properties(path, items, found);
        if (!meant.has("properties")) return;
        for (var entry : meant.getAsJsonObject("properties").entrySet()) {
            var name = path.isEmpty() ? entry.getKey() : path + "." + entry.getKey();
            found.add(name);
            properties(name, entry.getValue().getAsJsonObject(), found);
        }
    }

    private static void keys(String path, Map<?, ?> values, TreeSet<String> found) {
        values.forEach((key, value) -> {
            var name = path.isEmpty() ? String.valueOf(key) : path + "." + key;
            found.add(name);
            if (value instanceof Map<?, ?> map) keys(name, map, found);
        });
    }
}
