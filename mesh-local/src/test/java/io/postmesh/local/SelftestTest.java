package io.postmesh.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The image's build trains on it, and stops when it fails.
class SelftestTest {
    @TempDir
    private Path folder;

    @Test
    void everyMailComesOutAndNothingIsLeftBehind() throws Exception {
        try (var child = Child.start(
                folder, Map.of("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + folder), "selftest", "--mails", "20")) {
            assertThat(child.await(Duration.ofMinutes(2))).as(child.output()).isZero();
            assertThat(child.output())
                    .contains("selftest: 20 of 20 accepted, 20 delivered, the health check says ready");
        }
        assertThat(folder).isDirectoryNotContaining("glob:**postmesh-selftest*");
    }
}
