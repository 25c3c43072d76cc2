package io.postmesh.runtime.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    @TempDir
    Path folder;

    @Test
    void aFlagBeatsTheEnvironmentBeatsTheFileBeatsTheDefault() throws Exception {
        var file = write("mesh.properties", "A=file\nB=file\nC=file\n");
        var env = Map.of("A", "env", "B", "env", "POSTMESH_CONFIG", file.toString());
        var s = Settings.load(Map.of("A", "flag"), env);
        assertThat(List.of(s.text("A", "x"), s.text("B", "x"), s.text("C", "x"), s.text("D", "default")))
                .containsExactly("flag", "env", "file", "default");
        s.check();
    }

    @Test
    void everyNameMayComeFromAFile() throws Exception {
        var s = env(
                Map.of("RELAYHOST_PASSWORD_FILE", write("password", "s3cret\n").toString()));
        assertThat(s.secret("RELAYHOST_PASSWORD")).contains(new Secret("s3cret"));
        s.check();
    }

    @Test
    void aNearerFileBeatsAFartherValue() throws Exception {
        var s = Settings.load(Map.of("N_FILE", write("n", "near").toString()), Map.of("N", "far"));
        assertThat(s.text("N", "")).isEqualTo("near");
        s.check();
    }

    @Test
    void aNameSetTwiceInOnePlaceIsAProblem() {
        var s = env(Map.of("N", "1", "N_FILE", "/n"));
        s.text("N", "");
        assertThat(problems(s)).containsExactly("N: set twice, once as N_FILE; remove one of them");
    }

    @Test
    void anUnreadableFileIsAProblem() {
        var s = env(Map.of("N_FILE", "/nowhere/n", "POSTMESH_CONFIG", "/nowhere/c"));
        s.text("N", "");
        assertThat(problems(s))
                .containsExactly(
                        "POSTMESH_CONFIG: the file /nowhere/c cannot be read; check path, rights and NAME=value lines",
                        "N: the file /nowhere/n named by N_FILE cannot be read; check path and rights");
    }

    @Test
    void anEmptyValueIsNotSet() throws Exception {
        var s = env(Map.of("RELAYHOST", "", "N", "  "));
        assertThat(s.optionalText("RELAYHOST")).isEmpty();
        assertThat(s.text("N", "default")).isEqualTo("default");
        s.check();
    }

    @Test
    void allProblemsComeAtOnceEachWithItsFix() {
        var s = env(Map.of("PORT", "many", "SIZE", "3 MB", "WAIT", "soon", "AT", "nohost", "ON", "maybe"));
        s.count("PORT", 1, 1, 10);
        s.bytes("SIZE", "1MiB");
        s.duration("WAIT", "5m");
        s.hostPort("AT", "h:1");
        s.flag("ON", false);
        assertThat(problems(s))
                .containsExactly(
                        "PORT: 'many': write a whole number between 1 and 10",
                        "SIZE: '3 MB': write a size such as 512KiB, 25MiB or 26214400",
                        "WAIT: 'soon': write a time such as 250ms, 30s, 5m, 4h or 5d",
                        "AT: 'nohost': the port is missing; write host:port",
                        "ON: 'maybe': write true or false");
    }

    @Test
    void anUnknownNameOfOursIsRefusedWithTheOneThatWasMeant() {
        var s = env(Map.of("POSTMESH_SMPT_LISTEN", "1", "POSTMESH_ZZZZZZZ", "1", "HOME", "/root"));
        s.hostPort("POSTMESH_SMTP_LISTEN", "h:1");
        assertThat(problems(s))
                .containsExactly(
                        "POSTMESH_SMPT_LISTEN: no such setting (environment); did you mean POSTMESH_SMTP_LISTEN?",
                        "POSTMESH_ZZZZZZZ: no such setting (environment); remove it");
    }

    @Test
    void aFileIsOursAloneSoEveryNameInItMustBeKnown() throws Exception {
        var s = env(Map.of("POSTMESH_CONFIG", write("c", "RELAYHOTS=x\n").toString()));
        s.optionalText("RELAYHOST");
        assertThat(problems(s)).singleElement().asString().endsWith("did you mean RELAYHOST?");
    }

    @Test
    void namesOfTheImagesItTakesThePlaceOfAreNamedWhenTheyMeanNothingHere() throws Exception {
        var s = env(Map.of("INBOUND_DEBUGGING", "1", "POSTFIX_mynetwork", "::1", "RELAYHOST", "[a]", "HOME", "/root"));
        s.optionalText("RELAYHOST");
        s.check();
        assertThat(s.ignored())
                .containsExactly(
                        "INBOUND_DEBUGGING has no meaning here and is ignored",
                        "POSTFIX_mynetwork has no meaning here and is ignored");
    }

    @Test
    void aNameWithAnothersPrefixIsToldItsOwn() throws Exception {
        var s = env(Map.of("POSTMESH_RELAYHOST", "[a]", "POSTMESH_myhostname", "m", "POSTFIX_relayhost", "[a]"));
        s.optionalText("RELAYHOST");
        s.optionalText("POSTFIX_myhostname");
        assertThat(s.ignored())
                .containsExactly("POSTFIX_relayhost has no meaning here and is ignored; did you mean RELAYHOST?");
        assertThat(problems(s))
                .containsExactly(
                        "POSTMESH_RELAYHOST: no such setting (environment); did you mean RELAYHOST?",
                        "POSTMESH_myhostname: no such setting (environment); did you mean POSTFIX_myhostname?");
    }

    @Test
    void namesThatOthersReadAreKnown() throws Exception {
        var s = env(Map.of("POSTMESH_JAVA_OPTS", "-Xmx1g"));
        s.alsoKnown("POSTMESH_JAVA_OPTS");
        s.check();
    }

    @Test
    void secretsAreMaskedWhereverTheyAreShown() {
        var s = env(Map.of("PASSWORD", "hunter2", "N", "5"));
        s.count("N", 1, 1, 9);
        s.text("D", "default");
        var secret = s.secret("PASSWORD").orElseThrow();
        assertThat(s.describe()).containsExactly("D=default", "N=5", "PASSWORD=****");
        assertThat(secret + "" + List.of(secret)).doesNotContain("hunter2");
    }

    @Test
    void aReaderOfSeveralSettingsMayNameAProblemOfItsOwn() {
        var s = env(Map.of());
        s.problem("N", "needs M as well");
        s.problem("N", "needs M as well");
        assertThat(problems(s)).containsExactly("N: needs M as well");
    }

    @Test
    void whatAParserRefusesIsAProblemAndTheDefaultStands() {
        Function<String, Integer> even = text -> {
            if (text.length() % 2 == 1) throw new IllegalArgumentException("write an even number of letters");
            return text.length();
        };
        var s = env(Map.of("N", "abc"));
        assertThat(s.parsed("N", "ab", even)).isEqualTo(2);
        assertThat(problems(s)).containsExactly("N: 'abc': write an even number of letters");
    }

    @ParameterizedTest
    @CsvSource({"512,512", "512B,512", "1KiB,1024", "25MiB,26214400", "2 GiB,2147483648", "25mib,26214400"})
    void sizes(String text, long octets) {
        assertThat(env(Map.of("N", text)).bytes("N", "1")).isEqualTo(octets);
    }

    @ParameterizedTest
    @CsvSource({"250ms,PT0.25S", "30s,PT30S", "5m,PT5M", "4h,PT4H", "5d,PT120H"})
    void times(String text, Duration duration) {
        assertThat(env(Map.of("N", text)).duration("N", "1s")).isEqualTo(duration);
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1:2525,127.0.0.1,2525", "[::1]:25,::1,25", "mail.example:0,mail.example,0"})
    void addresses(String text, String host, int port) {
        var address = env(Map.of("N", text)).hostPort("N", "h:1");
        assertThat(address).isEqualTo(new HostPort(host, port)).hasToString(text);
    }

    @ParameterizedTest
    @CsvSource({"::1:25", "h:99999", "h:x", ":25", "9999999999999999MiB", "''x"})
    void whatIsNoAddressIsAProblem(String text) {
        var s = env(Map.of("N", text));
        s.hostPort("N", "h:1");
        assertThat(problems(s)).hasSize(1);
    }

    @Test
    void listsAreApartBySpaceOrComma() {
        assertThat(env(Map.of("N", " a.example, b.example  c.example,")).list("N"))
                .containsExactly("a.example", "b.example", "c.example");
        assertThat(env(Map.of()).list("N")).isEmpty();
    }

    @Test
    void aNumberTooLargeForItsUnitIsAProblem() {
        var s = env(Map.of("N", "9000000000000000000GiB"));
        assertThat(s.bytes("N", "1KiB")).isEqualTo(1024);
        assertThat(problems(s)).hasSize(1);
    }

    private static Settings env(Map<String, String> env) {
        return Settings.load(Map.of(), env);
    }

    private static List<String> problems(Settings s) {
        return catchThrowableOfType(BadSettings.class, s::check).problems();
    }

    private Path write(String name, String text) throws Exception {
        return Files.writeString(folder.resolve(name), text);
    }
}
