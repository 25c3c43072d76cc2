package io.postmesh.signer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.postmesh.mail.Domain;
import io.postmesh.runtime.settings.BadSettings;
import io.postmesh.runtime.settings.Settings;
import io.postmesh.signer.keys.TestKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignerConfigTest {
    @TempDir
    Path folder;

    @Test
    void withoutAnyKeyEverythingIsFine() {
        var config = read(Map.of());
        assertThat(config.keys().keys().domains()).isEmpty();
        assertThat(config.keyFolder()).isEqualTo(folder.resolve("dkim"));
        assertThat(folder.resolve("dkim")).doesNotExist();
    }

    @Test
    void keysAreMadeForTheAllowedDomainsThatHaveNone() throws IOException {
        Files.createDirectories(folder.resolve("dkim"));
        Files.write(folder.resolve("dkim/old.test.private"), TestKeys.bytes("rsa2048-pkcs1.pem"));
        var env = Map.of(
                "DKIM_AUTOGENERATE", "1",
                "ALLOWED_SENDER_DOMAINS", "old.test New.Test b\u00fccher.test not_a_domain",
                "DKIM_SELECTOR", "sel,new.test=fresh");
        var first = read(env).keys();
        assertThat(first.keys().domains())
                .extracting(Domain::name)
                .containsExactly("new.test", "old.test", "xn--bcher-kva.test");
        assertThat(first.warnings())
                .hasSize(2)
                .allSatisfy(line ->
                        assertThat(line).startsWith("new DKIM keys for ").contains("/*.txt"))
                .noneMatch(line -> line.contains("old.test"));
        assertThat(folder.resolve("dkim/new.test/fresh-ed25519.txt")).exists();
        assertThat(folder.resolve("dkim/old.test")).doesNotExist();
        var again = read(env).keys();
        assertThat(again.keys().of(new Domain("new.test")).orElseThrow()).hasSize(2);
        assertThat(again.warnings()).isEmpty();
    }

    @Test
    void withoutAnyDomainToMakeKeysForTheOperatorIsTold() {
        assertThat(read(Map.of("DKIM_AUTOGENERATE", "1")).keys().warnings())
                .singleElement()
                .asString()
                .contains("DKIM_AUTOGENERATE", "ALLOWED_SENDER_DOMAINS");
    }

    @Test
    void aBadKeyIsAProblemOfTheSettingThatNamesTheFolder() throws IOException {
        Files.write(folder.resolve("a.test.private"), TestKeys.bytes("encrypted-pkcs8.pem"));
        Files.writeString(folder.resolve("b.test.private"), "");
        assertThat(problems(Map.of("POSTMESH_DKIM_KEYS", folder.toString())))
                .contains(
                        "POSTMESH_DKIM_KEYS: " + folder.resolve("a.test.private") + ": is encrypted; write it without")
                .contains("POSTMESH_DKIM_KEYS: " + folder.resolve("b.test.private"))
                .hasLineCount(2);
    }

    @Test
    void anUnreadableKeyIsAProblemToo() throws IOException {
        Files.createDirectory(folder.resolve("a.test")); // a folder where a key should be: no user can read it as one
        Files.createDirectory(folder.resolve("a.test/mail.private"));
        assertThat(problems(Map.of("POSTMESH_DKIM_KEYS", folder.toString())))
                .contains("POSTMESH_DKIM_KEYS", "mail.private: cannot be read");
    }

    @Test
    void aNamedFolderHasToBeThere() {
        assertThat(problems(Map.of("POSTMESH_DKIM_KEYS", folder.resolve("typo").toString())))
                .contains("POSTMESH_DKIM_KEYS", "is not a folder");
    }

    @Test
    void keysThatCannotBeWrittenAreAProblem() throws IOException {
        Files.writeString(folder.resolve("file"), "in the way");
        var env = Map.of(
                "POSTMESH_DKIM_KEYS",
                folder.resolve("file/keys").toString(),
                "DKIM_AUTOGENERATE",
                "yes",
                "ALLOWED_SENDER_DOMAINS",
                "a.test");
        assertThat(problems(env)).contains("POSTMESH_DKIM_KEYS: keys cannot be made in");
    }

    @Test
    void aBadSelectorIsNamed() {
        assertThat(problems(Map.of("DKIM_SELECTOR", "a b"))).contains("DKIM_SELECTOR", "\"a b\" is not a selector");
    }

    private SignerConfig read(Map<String, String> env) {
        var settings = Settings.load(Map.of(), env);
        var config = SignerConfig.from(settings, folder);
        assertThatCode(settings::check).doesNotThrowAnyException();
        return config;
    }

    private String problems(Map<String, String> env) {
        var settings = Settings.load(Map.of(), env);
        SignerConfig.from(settings, folder);
        var bad = catchThrowableOfType(BadSettings.class, settings::check);
        return String.join("\n", bad.problems());
    }
}
