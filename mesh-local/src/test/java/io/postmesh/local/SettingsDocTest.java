package io.postmesh.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// A setting that is read and not described does not exist for its user; one that is described and not read is worse.
class SettingsDocTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern NAME =
            Pattern.compile("((?:POSTMESH|POSTFIX|DKIM|RELAYHOST|ALLOWED|ALLOW|ANONYMIZE|OTEL|LOG)(?:_[A-Za-z]+)*_?)");

    @Test
    void everySettingTheCodeReadsIsDescribedAndEveryDescribedOneIsRead() throws IOException {
        var read = new TreeSet<String>();
        try (var files = Files.walk(ROOT)) {
            for (var file : files.filter(SettingsDocTest::isMainCode).toList()) {
                var quoted = Pattern.compile("\"" + NAME.pattern() + "\"").matcher(Files.readString(file));
                while (quoted.find()) read.add(quoted.group(1));
            }
        }
        read.remove("POSTMESH_"); // the prefix
        var described = new TreeSet<String>();
        var page = Pattern.compile("`" + NAME.pattern() + "[`=]")
                .matcher(Files.readString(ROOT.resolve("docs/configuration.md")));
        while (page.find()) described.add(page.group(1));
        described.remove("POSTMESH_");
        assertThat(described).isEqualTo(read);
    }

    private static boolean isMainCode(Path file) {
        var path = file.toString();
        return path.endsWith(".java") && path.contains("/src/main/") && !path.contains("/bench/");
    }
}
