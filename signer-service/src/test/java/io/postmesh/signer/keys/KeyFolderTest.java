package io.postmesh.signer.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.mail.Domain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Master;
import org.xbill.DNS.Name;
import org.xbill.DNS.TXTRecord;

class KeyFolderTest {
    private static final Domain DEMO = new Domain("demo.test");

    @TempDir
    Path folder;

    @Test
    void aFolderThatIsNotThereHoldsNoKeys() {
        var found = KeyFolder.read(folder.resolve("nowhere"), Selectors.DEFAULT);
        assertThat(found.keys().domains()).isEmpty();
        assertThat(found.problems()).isEmpty();
    }

    @Test
    void bokysLayoutTakesTheSelectorFromTheSetting() throws IOException {
        put("rsa2048-pkcs1.pem", "demo.test.private");
        put("ed25519-pkcs8.pem", "Other.Test.private");
        Files.writeString(folder.resolve("demo.test.txt"), "not a key");
        var found = KeyFolder.read(folder, Selectors.parse("sel,other.test=two"));
        assertThat(found.problems()).isEmpty();
        assertThat(names(found, DEMO)).containsExactly("rsa-2048 sel._domainkey.demo.test");
        assertThat(names(found, new Domain("other.test"))).containsExactly("ed25519 two-ed25519._domainkey.other.test");
    }

    @Test
    void aFolderOfADomainMayHoldAKeyOfEachKindAndRsaComesFirst() throws IOException {
        put("ed25519-pkcs8.pem", "demo.test/mail-ed25519.private");
        put("rsa2048-pkcs8.pem", "demo.test/mail.private");
        var found = KeyFolder.read(folder, Selectors.DEFAULT);
        assertThat(found.problems()).isEmpty();
        assertThat(names(found, DEMO))
                .containsExactly("rsa-2048 mail._domainkey.demo.test", "ed25519 mail-ed25519._domainkey.demo.test");
    }

    @Test
    void theKeyOfASubdomainIsItsOwn() throws IOException {
        put("rsa2048-pkcs1.pem", "demo.test.private");
        var keys = KeyFolder.read(folder, Selectors.DEFAULT).keys();
        assertThat(keys.of(new Domain("sub.demo.test"))).isEmpty();
        assertThat(keys.of(DEMO)).isPresent();
    }

    @Test
    void aKeyThatWaitsForItsRecordIsNotUsedBesideTheNamedOne() throws IOException {
        put("rsa2048-pkcs1.pem", "demo.test/s1.private");
        put("rsa2048-pkcs8.pem", "demo.test/s2.private");
        assertThat(names(KeyFolder.read(folder, Selectors.parse("demo.test=s2")), DEMO))
                .containsExactly("rsa-2048 s2._domainkey.demo.test");
        var undecided = KeyFolder.read(folder, Selectors.DEFAULT);
        assertThat(undecided.problems())
                .singleElement()
                .asString()
                .contains("s1.private", "s2.private", "DKIM_SELECTOR");
    }

    @Test
    void aLoneKeyNeedsNoSetting() throws IOException {
        put("rsa2048-pkcs1.pem", "demo.test/s2024.private");
        var found = KeyFolder.read(folder, Selectors.parse("other"));
        assertThat(found.problems()).isEmpty();
        assertThat(names(found, DEMO)).containsExactly("rsa-2048 s2024._domainkey.demo.test");
    }

    @Test
    void everyFaultIsNamedWithItsFile() throws IOException {
        put("rsa512.pem", "short.test.private");
        put("encrypted-pkcs1.pem", "locked.test.private");
        put("rsa2048-pkcs1.pem", "not a domain.private");
        put("rsa2048-pkcs1.pem", "demo.test/not a selector.private");
        put("rsa2048-pkcs1.pem", "twice.test.private");
        put("rsa2048-pkcs8.pem", "twice.test/mail.private");
        put("ed25519-pkcs8.pem", "mixed.test/mail.private");
        put("rsa2048-pkcs8.pem", "mixed.test.private");
        var problems =
                String.join("\n", KeyFolder.read(folder, Selectors.DEFAULT).problems());
        assertThat(problems.lines()).hasSize(6);
        assertThat(problems)
                .contains("short.test.private: is RSA of 512 bits", "locked.test.private: is encrypted")
                .contains("not a domain.private: is not named after a domain", "is not named after a selector")
                .contains("twice.test has several keys", "mixed.test has an RSA and an Ed25519 key for selector mail");
    }

    @Test
    void aShortKeyIsUsedAndWarnedAbout() throws IOException {
        put("rsa1024.pem", "demo.test.private");
        var found = KeyFolder.read(folder, Selectors.DEFAULT);
        assertThat(found.problems()).isEmpty();
        assertThat(found.warnings()).singleElement().asString().contains("rsa-1024 mail._domainkey.demo.test");
    }

    @Test
    void aMountedKubernetesSecretIsReadOnce() throws IOException {
        put("rsa2048-pkcs1.pem", "..2024_01_01/demo.test.private");
        Files.createSymbolicLink(folder.resolve("..data"), Path.of("..2024_01_01"));
        Files.createSymbolicLink(folder.resolve("demo.test.private"), Path.of("..data/demo.test.private"));
        var found = KeyFolder.read(folder, Selectors.DEFAULT);
        assertThat(found.problems()).isEmpty();
        assertThat(names(found, DEMO)).hasSize(1);
    }

    @Test
    void generatedKeysAreReadBackAndTheirRecordsStandBesideThem() throws IOException {
        KeyFolder.generate(folder.resolve("new"), DEMO, "dev");
        var found = KeyFolder.read(folder.resolve("new"), Selectors.DEFAULT);
        assertThat(names(found, DEMO))
                .containsExactly("rsa-2048 dev._domainkey.demo.test", "ed25519 dev-ed25519._domainkey.demo.test");
        var home = folder.resolve("new/demo.test");
        for (var key : found.keys().of(DEMO).orElseThrow()) {
            var txt = zoneRecord(home.resolve(key.selector() + ".txt"));
            assertThat(txt.getName()).isEqualTo(Name.fromString(key.dnsName() + "."));
            assertThat(txt.getStrings()).allSatisfy(s -> assertThat(s).hasSizeLessThan(256));
            assertThat(String.join("", txt.getStrings()))
                    .isEqualTo(KeyRecord.of(key).text());
        }
        assertThat(mode(home.resolve("dev.private"))).isEqualTo("rw-------");
        assertThat(mode(home.resolve("dev-ed25519.private"))).isEqualTo("rw-------");
        assertThat(home).isDirectoryNotContaining("glob:**/.*"); // no half-written file stays
    }

    @Test
    void generatingAgainChangesNothingAndCompletesWhatIsMissing() throws IOException {
        KeyFolder.generate(folder, DEMO, "mail");
        var home = folder.resolve("demo.test");
        var before = contents(home);
        KeyFolder.generate(folder, DEMO, "mail");
        assertThat(contents(home)).isEqualTo(before);
        Files.delete(home.resolve("mail.txt"));
        KeyFolder.generateMissing(folder, List.of(DEMO), Selectors.DEFAULT, KeyFolder.read(folder, Selectors.DEFAULT));
        assertThat(contents(home)).isEqualTo(before);
    }

    @Test
    void onlyDomainsWithoutAnyKeyFileGetOne() throws IOException {
        put("rsa2048-pkcs1.pem", "demo.test.private");
        put("encrypted-pkcs1.pem", "locked.test.private");
        var found = KeyFolder.read(folder, Selectors.DEFAULT);
        var domains = List.of(DEMO, new Domain("locked.test"), new Domain("new.test"));
        KeyFolder.generateMissing(folder, domains, Selectors.DEFAULT, found);
        assertThat(folder.resolve("demo.test")).doesNotExist();
        assertThat(folder.resolve("locked.test")).doesNotExist();
        assertThat(folder.resolve("new.test/mail.private")).exists();
    }

    @Test
    void aFileIsNeverReplaced() throws IOException {
        var file = folder.resolve("a.private");
        assertThat(NewFile.secret(file, new byte[] {1})).isTrue();
        assertThat(NewFile.secret(file, new byte[] {2})).isFalse();
        assertThat(file).hasBinaryContent(new byte[] {1});
    }

    private void put(String key, String name) throws IOException {
        var file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, TestKeys.bytes(key));
    }

    private static List<String> names(KeyFolder.Found found, Domain domain) {
        return found.keys().of(domain).orElseThrow().stream()
                .map(SigningKey::toString)
                .toList();
    }

    private static TXTRecord zoneRecord(Path file) throws IOException {
        try (var master = new Master(file.toString(), Name.root, 300)) {
            return (TXTRecord) master.nextRecord();
        }
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private static List<String> contents(Path home) throws IOException {
        try (var files = Files.list(home)) {
            return files.sorted().map(KeyFolderTest::content).collect(Collectors.toList());
        }
    }

    private static String content(Path file) {
        try {
            return file.getFileName() + Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
