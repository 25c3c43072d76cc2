package io.postmesh.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a running mesh tells on `/metrics`, as whoever scrapes it sees it: names are theirs, not those in our sources.
record Scrape(String text) {
    private static final Pattern METRIC = Pattern.compile("(?m)^# HELP (\\S+) (.*)\n# TYPE \\S+ (\\w+)$");
    private static final Pattern LABELS = Pattern.compile("[{,]([a-z_]+)=\"");

    record Metric(String name, String help, String type) {}

    static Scrape of(TestMesh mesh) throws IOException, InterruptedException {
        return accepting("text/plain", mesh);
    }

    /// In OpenMetrics.
    static Scrape withExemplars(TestMesh mesh) throws IOException, InterruptedException {
        return accepting("application/openmetrics-text", mesh);
    }

    private static Scrape accepting(String type, TestMesh mesh) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            var asked = HttpRequest.newBuilder(URI.create("http://" + mesh.http() + "/metrics"))
                    .header("Accept", type)
                    .build();
            return new Scrape(
                    client.send(asked, HttpResponse.BodyHandlers.ofString()).body());
        }
    }

    Stream<Metric> metrics() {
        return METRIC.matcher(text).results().map(found -> new Metric(found.group(1), found.group(2), found.group(3)));
    }

    /// Ours, but for the maxima that Micrometer puts beside each timer.
    Stream<Metric> ours() {
        return metrics()
                .filter(metric ->
                        metric.name().startsWith("postmesh_") && !metric.name().endsWith("_max"));
    }

    Set<String> names() {
        return metrics().map(Metric::name).collect(Collectors.toCollection(TreeSet::new));
    }

    /// Those of its own, not of the form it is told in.
    Set<String> labels(Metric metric) {
        return text.lines()
                .filter(line -> line.matches(Pattern.quote(metric.name()) + "(_bucket|_sum|_count)?\\{.*"))
                .flatMap(line -> LABELS.matcher(line).results().map(MatchResult::group))
                .map(label -> label.substring(1, label.length() - 2))
                .filter(label -> !label.equals("le") && !label.equals("quantile"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    Set<String> values(String metric, String label) {
        var value = Pattern.compile("[{,]" + label + "=\"([^\"]*)\"");
        return text.lines()
                .filter(line -> line.matches(Pattern.quote(metric) + "(_bucket|_sum|_count)?\\{.*"))
                .flatMap(line -> value.matcher(line).results().map(found -> found.group(1)))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
