package io.postmesh.runtime.ops;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.ContextInitializer;
import io.postmesh.runtime.log.Fact;
import io.postmesh.runtime.settings.BadSettings;
import io.postmesh.runtime.settings.Settings;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

class LoggingTest {
    private static final String FORGED = "451 x\" ms=1 reason=delivered trace=0af7651916cd43dd";

    @TempDir
    Path folder;

    @AfterEach
    void putBack() throws Exception {
        backToTheTestsOwn();
    }

    static void backToTheTestsOwn() throws Exception {
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
            assertThat(logged("POSTMESH_LOG_FORMAT", "plain"))
                    .contains("INFO", "01ABC delivered to ann@example.org", "kafka is odd")
                    .doesNotContain("noise", "chatter");
        } finally {
            System.setOut(before);
        }
        assertThat(terminal.toByteArray()).isEmpty();
    }

    @Test
    void jsonIsOneObjectALineWithTheFactsFields() throws Exception {
        var lines = objects(logged("POSTMESH_LOG_FORMAT", "json"));
        assertThat(lines).hasSize(5);
        assertThat(lines.getFirst().getMap())
                .containsEntry("message", "01ABC delivered to ann@example.org")
                .containsEntry("level", "INFO")
                .containsEntry("service", "delivery")
                .containsKeys("@timestamp", "logger_name", "thread_name");
        assertThat(named("01FACT", lines).getMap())
                .containsEntry("mail", "01FACT")
                .containsEntry("fact", "accepted")
                .containsEntry("octets", 512)
                .containsEntry("trace", "0af7651916cd43dd8448eb211c80319c")
                .containsEntry("service", "ingress")
                .containsEntry("from", "ann@demo.test\\u000d\\u000a{\"forged\":1}")
                .containsEntry(
                        "message",
                        "01FACT accepted from=<ann@demo.test\\u000d\\u000a{\"forged\":1}> octets=512 to=a\\u061c,bob@x.test"
                                + " trace=0af7651916cd43dd8448eb211c80319c");
        assertThat(named("01FACT", lines).getJsonArray("to")).containsExactly("a\\u061c", "bob@x.test");
        assertThat(lines.getLast().getString("stack_trace"))
                .contains("the disk")
                .contains("\n\tat ");
    }

    @ParameterizedTest
    @CsvSource({"POSTMESH_LOG_FORMAT, plain", "POSTMESH_LOG_FORMAT, json", "LOG_FORMAT, plain", "LOG_FORMAT, json"})
    void nothingStrangersSayMakesAnotherLineNorDoesAStack(String name, String format) throws Exception {
        var text = logged(name, format);
        assertThat(text.split("\\R")).hasSize(5); // all line ends of Unicode, not ours only
        assertThat(text.chars().filter(c -> c != '\n'))
                .noneMatch(Character::isISOControl)
                .noneMatch(c -> Character.getType(c) == Character.FORMAT);
        assertThat(text).contains("the disk").contains("01FACT accepted");
    }

    @Test
    void aRemotesReplyEndsWhereItsQuotesEnd() throws Exception {
        var plain = deferred("plain");
        assertThat(plain.split("\"")).hasSize(3); // what is before, in, and after the one pair of quotes
        assertThat(plain).contains("reply=\"451 x\\u0022 ms=1 reason=delivered trace=0af7651916cd43dd\" ms=90");
    }

    @Test
    void aRemotesReplyIsAFieldAsItCame() throws Exception {
        assertThat(objects(deferred("json")).getFirst().getMap())
                .containsEntry("reply", FORGED)
                .containsEntry("ms", 90);
    }

    @ParameterizedTest
    @CsvSource({"POSTMESH_LOG_FORMAT, plain", "POSTMESH_LOG_FORMAT, json", "LOG_FORMAT, plain", "LOG_FORMAT, json"})
    void noLineOfAnyShapeHasAnAddressWhereTheyAreMasked(String name, String format) throws Exception {
        var text = logged(Map.of(name, format, "ANONYMIZE_EMAILS", "paranoid"));
        assertThat(text)
                .contains("01ABC delivered to *@*.org", "from=<*@*.test", "octets", "kept by *@*.test", "for *@*.test")
                .doesNotContain("ann@", "bob@", "@demo", "@x.test");
        assertThat(text.split("\\R")).hasSize(5);
    }

    @Test
    void maskedFieldsAreStillFields() throws Exception {
        var fact = named("01FACT", objects(logged(Map.of("POSTMESH_LOG_FORMAT", "json", "ANONYMIZE_EMAILS", "smart"))));
        assertThat(fact.getMap())
                .containsEntry("octets", 512)
                .containsEntry("trace", "0af7651916cd43dd8448eb211c80319c");
        assertThat(fact.getString("from")).startsWith("a*n@****.test");
        assertThat(fact.getJsonArray("to")).containsExactly("a\\u061c", "b*b@*.test");
    }

    @Test
    void aFilterThatIsNoneEndsTheStartAndItsSaltIsShownNowhere() {
        var settings = Settings.load(Map.of(), Map.of("ANONYMIZE_EMAILS", "my.Filter?salt=s3cret"));
        LogSettings.from(settings);
        assertThatThrownBy(settings::check)
                .hasMessageContaining("ANONYMIZE_EMAILS: 'my.Filter' is no filter")
                .hasMessageNotContaining("s3cret");
        assertThat(settings.describe()).contains("ANONYMIZE_EMAILS=****");
    }

    // A process of its own: what java.util.logging writes goes to the standard error that was there at its start.
    @Test
    void aReceiverOfTracesThatIsAwayIsSaidInObjectsToo() throws Exception {
        var program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dlogback.configurationFile=none.xml",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        SpanForNobody.class.getName())
                .redirectErrorStream(true)
                .start();
        var text = new String(program.getInputStream().readAllBytes(), UTF_8);
        assertThat(program.waitFor()).as(text).isZero();
        assertThat(text.lines()).isNotEmpty().allMatch(line -> line.startsWith("{\"@timestamp\":"));
        assertThat(objects(text))
                .filteredOn(line -> line.getString("logger_name").startsWith("io.opentelemetry."))
                .isNotEmpty()
                .allMatch(line -> line.getString("stack_trace").contains("ConnectException"));
    }

    private String deferred(String format) throws IOException, BadSettings {
        var file = folder.resolve(format + ".log");
        var env = Map.of("POSTMESH_LOG_FORMAT", format, "POSTMESH_LOG_FILE", file.toString());
        try (var _ = Logging.install(LogSettings.from(Settings.load(Map.of(), env)), "postmesh")) {
            Fact.of(LoggerFactory.getLogger("io.postmesh.delivery.result").atInfo(), "01FACT", "deferred")
                    .quoted("reply", FORGED)
                    .with("ms", 90)
                    .say();
        }
        return Files.readString(file);
    }

    @Test
    void bokysLinesAreThoseOfItsRsyslog() throws Exception {
        assertThat(logged("LOG_FORMAT", "plain").lines())
                .allMatch(line -> line.matches("\\S+ [A-Z]+ +postfix/\\S+\\[\\d+\\]: .*"))
                .anyMatch(line -> line.matches("\\S+ INFO    postfix/smtp\\[\\d+\\]: 01ABC delivered to .*"))
                .anyMatch(line -> line.matches("\\S+ WARNING postfix/master\\[\\d+\\]: kafka is odd"));
        assertThat(objects(logged("LOG_FORMAT", "json")))
                .allSatisfy(line -> assertThat(line.fieldNames())
                        .contains(
                                "@timestamp", "type", "tag", "relayhost", "relayip", "logsource", "hostname", "program")
                        .contains(
                                "priority",
                                "severity",
                                "facility",
                                "severity_label",
                                "facility_label",
                                "message",
                                "end_msg")
                        .contains("service", "level")
                        .doesNotHaveDuplicates());
    }

    @Test
    void bothWaysOfSayingItAreOneTooMany() {
        var settings = Settings.load(Map.of(), Map.of("LOG_FORMAT", "json", "POSTMESH_LOG_FORMAT", "json"));
        LogSettings.from(settings);
        assertThatThrownBy(settings::check).hasMessageContaining("LOG_FORMAT: says the same as POSTMESH_LOG_FORMAT");
    }

    @Test
    void aFileThatCannotBeWrittenIsSaidAtOnce() {
        var folderAsFile = new LogSettings(
                LogSettings.Format.PLAIN,
                Optional.of(Path.of("/proc/nowhere/log")),
                LogSettings.Level.INFO,
                Optional.empty());
        assertThatThrownBy(() -> Logging.install(folderAsFile, "postmesh"))
                .isInstanceOf(BadSettings.class)
                .hasMessageStartingWith("POSTMESH_LOG_FILE: ");
    }

    private String logged(String name, String format) throws IOException, BadSettings {
        return logged(Map.of(name, format));
    }

    private String logged(Map<String, String> how) throws IOException, BadSettings {
        var file = folder.resolve("mesh.log");
        Files.deleteIfExists(file);
        var env = new HashMap<>(how);
        env.put("POSTMESH_LOG_FILE", file.toString());
        try (var _ = Logging.install(LogSettings.from(Settings.load(Map.of(), env)), "postmesh")) {
            var delivery = LoggerFactory.getLogger("io.postmesh.delivery");
            delivery.info("01ABC delivered to {}", "ann@example.org");
            delivery.debug("noise");
            LoggerFactory.getLogger("org.apache.kafka.clients.producer").info("noise");
            LoggerFactory.getLogger("org.apache.kafka.clients.producer").warn("kafka is odd");
            LoggerFactory.getLogger("org.apache.kafka.clients.NetworkClient").warn("chatter");
            delivery.info(
                    "550 evil\r\n2026-01-01T00:00:00Z INFO forged\u0085\u2028\u202e\u2066\u061c\u200b\u00ad\u001b[2J\u007f");
            var from = "ann@demo.test\r\n{\"forged\":1}";
            Fact.of(LoggerFactory.getLogger("io.postmesh.ingress.intake").atInfo(), "01FACT", "accepted")
                    .with("from", from, "<" + from + ">")
                    .with("octets", 512)
                    .list("to", List.of("a\u061c", "bob@x.test"), text -> text)
                    .trace("0af7651916cd43dd8448eb211c80319c")
                    .say();
            delivery.error(
                    "it broke",
                    new IOException(
                            "the disk\r\nis full, kept by ann@x.test", new IllegalStateException("for bob@x.test")));
        }
        return Files.readString(file);
    }

    private static List<JsonObject> objects(String text) {
        return text.lines().map(JsonObject::new).toList();
    }

    private static JsonObject named(String mail, List<JsonObject> lines) {
        return lines.stream()
                .filter(line -> mail.equals(line.getString("mail")))
                .findFirst()
                .orElseThrow();
    }
}
