package io.postmesh.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/// The chart's README tells what values.yaml holds. `-Dchart.readme=write` brings it up to date.
final class ReadmeTest {
    private static final String BEGIN = "<!-- values: made of values.yaml by ReadmeTest -->\n";
    private static final String END = "<!-- /values -->\n";

    @Test
    void the_table_of_values_is_that_of_values_yaml() throws IOException {
        var file = Chart.file("README.md");
        var readme = Files.readString(file);
        var table = ValuesTable.of(Files.readString(Chart.file("values.yaml")));
        int begin = readme.indexOf(BEGIN) + BEGIN.length();
        int end = readme.indexOf(END);
        if ("write".equals(System.getProperty("chart.readme")))
            Files.writeString(file, readme.substring(0, begin) + table + readme.substring(end));
        else
            assertThat(readme.substring(begin, end))
                    .as(
                            "mvn -pl chart-tests -am test -Dtest=ReadmeTest -Dchart.readme=write -Dsurefire.failIfNoSpecifiedTests=false")
                    .isEqualTo(table.toString());
    }

    @Test
    void every_value_is_explained() throws IOException {
        var yaml = Files.readString(Chart.file("values.yaml"));
        var table = ValuesTable.of(yaml);
        assertThat(table.rows()).hasSizeGreaterThan(50);
        assertThat(table.unexplained(Chart.read(yaml))).isEmpty();
    }

    /// An example that names a value wrongly would be refused by the schema.
    @Test
    void the_examples_are_values_the_chart_takes_and_objects_that_are_yaml() throws IOException {
        assertThat(Chart.render(Chart.file("examples/values.yaml")).workloads()).hasSize(4);
        for (var file : new String[] {"examples/strimzi.yaml", "examples/valkey.yaml"})
            assertThat(new Yaml().loadAll(Files.readString(Chart.file(file)))).hasSizeGreaterThan(1);
        Rendered.parse(Files.readString(Chart.file("examples/valkey.yaml")))
                .documents()
                .forEach(KubernetesTypes::check);
    }
}
