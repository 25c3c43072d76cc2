package io.postmesh.chart;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.yaml.snakeyaml.Yaml;

/// The chart as it is in this repository.
final class Chart {
    /// The least that renders a mesh of services; tests add to it what they are about.
    static final String DISTRIBUTED = """
            mode: distributed
            domains: [{name: example.org}]
            kafka: {bootstrapServers: "kafka:9092"}
            redis: {url: "redis://redis:6379"}
            blobs: {store: "s3://mail-bodies"}
            """;

    static final String RELEASE = "mesh";

    private static final String KUBERNETES = "1.34.0";
    private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();
    private static final Path PACKAGED = packaged();

    private Chart() {}

    static Path repository(String path) {
        return REPOSITORY.resolve(path);
    }

    static Path file(String path) {
        return repository("deploy/helm/postmesh").resolve(path);
    }

    /// The sets of values the chart is promised to work with.
    static List<Path> valueFiles() throws IOException {
        try (Stream<Path> files = Files.list(file("ci"))) {
            return files.filter(f -> f.toString().endsWith("-values.yaml"))
                    .sorted()
                    .toList();
        }
    }

    static Rendered render(Path values) {
        return render(values, RELEASE);
    }

    static Rendered render(Path values, String release) {
        return Rendered.parse(template(values, release, KUBERNETES));
    }

    /// @param values YAML, on top of [#DISTRIBUTED]
    static Rendered renderDistributed(String values) throws IOException {
        return render(merged(DISTRIBUTED, values));
    }

    /// A file with both, the second on top.
    static Path merged(String below, String above) throws IOException {
        return file(merged(read(below), read(above)));
    }

    /// What Helm says of values it does not take.
    ///
    /// @throws AssertionError when it takes them
    static String refusal(String values) throws IOException {
        try {
            template(file(read(values)), RELEASE, KUBERNETES);
        } catch (IllegalStateException refused) {
            return String.valueOf(refused.getMessage());
        }
        throw new AssertionError("Helm takes these values:\n" + values);
    }

    /// @param values YAML, on top of [#DISTRIBUTED]
    static String refusalDistributed(String values) throws IOException {
        return refusal(Files.readString(merged(DISTRIBUTED, values)));
    }

    static String refusalOnKubernetes(String version, Path values) {
        try {
            template(values, RELEASE, version);
        } catch (IllegalStateException refused) {
            return String.valueOf(refused.getMessage());
        }
        throw new AssertionError("Helm takes Kubernetes " + version);
    }

    /// `helm lint --strict`. This library's linter reads a chart's own values only, so it is given a chart that has
    /// these.
    static LintResult lint(Path values, Path scratch) throws IOException {
        var copy = scratch.resolve("postmesh");
        copy(PACKAGED, copy);
        var all = merged(read(Files.readString(file("values.yaml"))), read(Files.readString(values)));
        Files.writeString(copy.resolve("values.yaml"), new Yaml().dump(all));
        return new Helm(copy).lint().strict().call();
    }

    /// What `helm install` says at its end.
    static String notes(Path values) {
        return new Helm(PACKAGED)
                .install()
                .dryRun()
                .clientOnly()
                .withName(RELEASE)
                .withNamespace("mail")
                .withKubeVersion(KUBERNETES)
                .withValuesFile(values)
                .call()
                .getOutput();
    }

    static Map<String, Object> read(String yaml) {
        Map<String, Object> values = new Yaml().load(yaml);
        return values == null ? Map.of() : values;
    }

    private static String template(Path values, String release, String kubernetes) {
        return new Helm(PACKAGED)
                .template()
                .withName(release)
                .withNamespace("mail")
                .withKubeVersion(kubernetes)
                .withValuesFile(values)
                .call();
    }

    private static Path file(Map<String, Object> values) throws IOException {
        var file = Files.createTempFile(Path.of("target"), "values", ".yaml");
        return Files.writeString(file, new Yaml().dump(values));
    }

    /// As Helm does it: maps grow together, everything else is replaced.
    private static Map<String, Object> merged(Map<String, Object> below, Map<String, Object> above) {
        var all = new HashMap<>(below);
        above.forEach((key, value) -> all.merge(key, value, Chart::mergedValue));
        return all;
    }

    @SuppressWarnings("unchecked") // keys of these documents are text
    private static Object mergedValue(Object below, Object above) {
        return below instanceof Map<?, ?> one && above instanceof Map<?, ?> other
                ? merged((Map<String, Object>) one, (Map<String, Object>) other)
                : above;
    }

    /// As `helm package` makes it: what is linked from elsewhere in the repository is in it. This library renders no
    /// hooks, so
    /// the test pod is none here.
    private static Path packaged() {
        try {
            var folder = Files.createTempDirectory(Path.of("target"), "chart");
            var chart = folder.resolve("postmesh");
            copy(file(""), chart);
            var test = chart.resolve("templates/tests/send.yaml");
            Files.writeString(test, Files.readString(test).replace("helm.sh/hook: test", "unhooked: test"));
            return chart;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from, FileVisitOption.FOLLOW_LINKS)) {
            for (var file : files.toList()) {
                var target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) Files.createDirectories(target);
                else Files.copy(file, target);
            }
        }
    }
}
