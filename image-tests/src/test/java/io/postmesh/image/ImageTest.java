package io.postmesh.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;

@NeedsImage
class ImageTest {
    private static final Pattern PART = Pattern.compile("\"purl\" : \"pkg:maven/[^/]+/([^@/]+)@([^?\"]+)");

    @Test
    void it_runs_as_a_user_of_its_own_and_tells_its_health_without_a_shell() {
        var config = Objects.requireNonNull(
                Engine.client().inspectImageCmd(Engine.IMAGE).exec().getConfig());

        assertThat(config.getUser()).isEqualTo("65532:65532");
        assertThat(Objects.requireNonNull(config.getHealthcheck()).getTest())
                .startsWith("CMD", "/usr/bin/java")
                .endsWith("health");
    }

    @Test
    void nobody_finds_a_shell_or_a_file_that_changes_its_user_in_it() throws IOException {
        var programs = files("/", entry -> entry.isFile() || entry.isSymbolicLink());

        assertThat(programs.keySet())
                .noneMatch(name -> name.matches(".*bin/(sh|bash|dash|busybox|apt|dpkg|wget|curl)"));
        assertThat(programs.values()).noneMatch(entry -> (entry.getMode() & 06000) != 0);
    }

    @Test
    void its_parts_list_names_every_jar_in_it() throws IOException {
        var parts = PART.matcher(text("/opt/postmesh/postmesh.cdx.json"))
                .results()
                .map(part -> part.group(1) + "-" + part.group(2))
                .toList();
        var jars = files("/opt/postmesh/lib", TarArchiveEntry::isFile).keySet();

        assertThat(jars)
                .hasSizeGreaterThan(50)
                .allSatisfy(jar -> assertThat(parts)
                        .as(jar)
                        .anyMatch(part -> ("lib/" + part + ".jar").equals(jar) || jar.startsWith("lib/" + part + "-")));
    }

    @Test
    void the_files_of_one_layer_have_one_time() throws IOException {
        var times = files("/opt/postmesh/lib", entry -> entry.getName().matches("lib/(?!.*-0\\.1\\.0\\.jar).*\\.jar"))
                .values()
                .stream()
                .map(TarArchiveEntry::getLastModifiedTime)
                .distinct();

        assertThat(times).hasSize(1);
    }

    @Test
    void a_setting_that_cannot_be_ends_it_with_a_line_that_names_it() {
        try (var container = Containers.command("", "ingress").withEnv("POSTMESH_SMTP_LISTEN", "nowhere")) {
            var ended = Ending.of(container);

            assertThat(ended.code()).as("EX_CONFIG").isEqualTo(78);
            assertThat(ended.output()).contains("POSTMESH_SMTP_LISTEN");
        }
    }

    @Test
    void the_selftest_sends_mail_through_a_mesh_in_one_container_without_a_network() {
        try (var container = Containers.command("", "selftest", "--mails", "50").withNetworkMode("none")) {
            var ended = Ending.of(container);

            assertThat(ended.output()).contains("50 of 50");
            assertThat(ended.code()).as(ended.output()).isZero();
        }
    }

    private static String text(String path) throws IOException {
        var text = new StringBuilder();
        walk(path, (_, in) -> text.append(new String(in.readAllBytes(), UTF_8)));
        return text.toString();
    }

    private static Map<String, TarArchiveEntry> files(String path, Predicate<TarArchiveEntry> wanted)
            throws IOException {
        var found = new TreeMap<String, TarArchiveEntry>();
        walk(path, (entry, _) -> {
            if (wanted.test(entry)) found.put(entry.getName(), entry);
        });
        return found;
    }

    private interface Visit {
        void see(TarArchiveEntry entry, TarArchiveInputStream contents) throws IOException;
    }

    // A container that is made and never started: it needs no program inside.
    private static void walk(String path, Visit visit) throws IOException {
        var client = Engine.client();
        var id = client.createContainerCmd(Engine.IMAGE)
                .withCmd(List.of("help"))
                .exec()
                .getId();
        try (var in = new TarArchiveInputStream(
                client.copyArchiveFromContainerCmd(id, path).exec())) {
            for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) visit.see(entry, in);
        } finally {
            client.removeContainerCmd(id).withRemoveVolumes(true).exec();
        }
    }
}
