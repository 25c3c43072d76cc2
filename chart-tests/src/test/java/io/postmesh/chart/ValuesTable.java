package io.postmesh.chart;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// The table of values in the chart's README, made of the lines `# -- ...` in values.yaml.
record ValuesTable(List<Row> rows) {
    /// @param value the default, as values.yaml has it
    record Row(String path, String value, String meaning) {
        @Override
        public String toString() {
            return "| `" + path + "` | " + (value.isEmpty() ? "" : "`" + value + "`") + " | " + meaning + " |";
        }
    }

    private record Level(int indent, String key) {}

    private static final Pattern MEANING = Pattern.compile(" *# -- (.*)");
    private static final Pattern KEY = Pattern.compile("( *)([A-Za-z0-9]+):.*");
    private static final int MOST = 60; // of a default in the table
    private static final Gson JSON = new GsonBuilder().disableHtmlEscaping().create();

    ValuesTable {
        rows = List.copyOf(rows);
    }

    static ValuesTable of(String yaml) {
        var values = Chart.read(yaml);
        var rows = new ArrayList<Row>();
        var levels = new ArrayDeque<Level>();
        var meaning = "";
        for (var line : yaml.lines().toList()) {
            var said = MEANING.matcher(line);
            var key = KEY.matcher(line);
            if (said.matches()) meaning = said.group(1);
            if (!key.matches()) continue;
            enter(levels, new Level(key.group(1).length(), key.group(2)));
            if (!meaning.isEmpty()) rows.add(row(values, path(levels), meaning));
            meaning = "";
        }
        return new ValuesTable(rows);
    }

    /// Values of which the table says nothing, neither of themselves nor of what they are part of.
    List<String> unexplained(Map<String, Object> values) {
        var found = new ArrayList<String>();
        unexplained("", values, found);
        return found;
    }

    @Override
    public String toString() {
        var lines = new StringBuilder("| value | default | meaning |\n|---|---|---|\n");
        rows.forEach(row -> lines.append(row).append('\n'));
        return lines.toString();
    }

    private void unexplained(String above, Map<?, ?> values, List<String> found) {
        values.forEach((key, value) -> {
            var path = above + key;
            if (rows.stream().anyMatch(row -> row.path().equals(path))) return;
            if (value instanceof Map<?, ?> map && !map.isEmpty()) unexplained(path + ".", map, found);
            else found.add(path);
        });
    }

    private static void enter(Deque<Level> levels, Level level) {
        while (!levels.isEmpty() && levels.getLast().indent() >= level.indent()) levels.removeLast();
        levels.addLast(level);
    }

    private static String path(Deque<Level> levels) {
        return String.join(".", levels.stream().map(Level::key).toList());
    }

    private static Row row(Map<String, Object> values, String path, String meaning) {
        Object value = values;
        for (var key : path.split("\\.", -1)) value = value instanceof Map<?, ?> map ? map.get(key) : null;
        var text = value instanceof String s ? s : JSON.toJson(value);
        return new Row(path, text.length() > MOST ? "see values.yaml" : text, meaning);
    }
}
