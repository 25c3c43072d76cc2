package io.postmesh.runtime.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.ContextInitializer;
import io.postmesh.runtime.settings.BadSettings;
import io.postmesh.runtime.settings.Settings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class LoggingTest {
    @TempDir
    Path folder;

    @AfterEach
    void backToTheTestsOwn() throws Exception {
        var context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        context.start();
        new ContextInitializer(context).autoConfig();
    }

    @Test
    void linesGoToTheFileAndNothingToTheTerminal() throws Exception {
        var terminal = new ByteArrayOutputStream();
        var before = System.out;
        System.setOut(new PrintStream(terminal, true));
        try {
            assertThat(logged("plain"))
                    .contains("INFO", "01ABC delivered to ann@example.org", "kafka is odd")
                    .doesNotContain("noise", "chatter");
        } finally {
            System.setOut(before);
        }
        assertThat(terminal.toByteArray()).isEmpty();
    }

    @Test
    void jsonIsOneObjectALine() throws Exception {
        assertThat(logged("json").lines())
                .allSatisfy(line -> assertThat(line).startsWith("{").endsWith("}"))
                .anySatisfy(line -> assertThat(line).contains("\"message\":\"01ABC delivered to ann@example.org\""));
    }

    @Test
    void aFileThatCannotBeWrittenIsSaidAtOnce() {
        var folderAsFile = new LogSettings(
                LogSettings.Format.PLAIN, java.util.Optional.of(Path.of("/proc/nowhere/log")), LogSettings.Level.INFO);
        assertThatThrownBy(() -> Logging.install(folderAsFile))
                .isInstanceOf(BadSettings.class)
                .hasMessageStartingWith("POSTMESH_LOG_FILE: ");
    }

    private String logged(String format) throws IOException, BadSettings {
        var file = folder.resolve("mesh.log");
        var env = Map.of("POSTMESH_LOG_FORMAT", format, "POSTMESH_LOG_FILE", file.toString());
        try (var _ = Logging.install(LogSettings.from(Settings.load(Map.of(), env)))) {
            LoggerFactory.getLogger("io.postmesh.delivery").info("01ABC delivered to {}", "ann@example.org");
            LoggerFactory.getLogger("io.postmesh.delivery").debug("noise");
            LoggerFactory.getLogger("org.apache.kafka.clients.producer").info("noise");
            LoggerFactory.getLogger("org.apache.kafka.clients.producer").warn("kafka is odd");
            LoggerFactory.getLogger("org.apache.kafka.clients.NetworkClient").warn("chatter");
        }
        return Files.readString(file);
    }
}
