package io.postmesh.signer.keys;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyMaterialTest {
    @ParameterizedTest
    @CsvSource({
        "rsa2048-pkcs1.pem, RSA_SHA256",
        "rsa2048-pkcs8.pem, RSA_SHA256",
        "rsa1024.pem, RSA_SHA256",
        "ed25519-pkcs8.pem, ED25519_SHA256"
    })
    void everyFormOfKeyFileIsRead(String file, Algorithm algorithm) throws UnusableKey {
        assertThat(KeyMaterial.parse(TestKeys.bytes(file)).algorithm()).isEqualTo(algorithm);
    }

    @Test
    void thePublicHalfOfAnEd25519KeyIsTheOneOpenSslDerives() {
        var expected = new String(TestKeys.bytes("ed25519-pkcs8.pub"), ISO_8859_1).strip();
        assertThat(KeyRecord.of(TestKeys.ED25519).text()).endsWith("p=" + expected);
    }

    @Test
    void lineEndsOfAnySystemAndWordsAroundTheKeyAreFine() throws UnusableKey {
        var pem = text("rsa2048-pkcs8.pem");
        var around = "Key of example.org\n" + text("public.pem") + pem.replace("\n", "\r\n") + "\nbye\n";
        assertThat(parse(around).algorithm()).isEqualTo(Algorithm.RSA_SHA256);
        assertThat(parse("\n nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A= \r\n").algorithm())
                .isEqualTo(Algorithm.ED25519_SHA256);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    encrypted-pkcs1.pem | openssl pkey -in FILE
                    encrypted-pkcs8.pem | openssl pkey -in FILE
                    ec.pem              | neither RSA nor Ed25519
                    x25519.pem          | neither RSA nor Ed25519
                    public.pem          | not the public one
                    """)
    void anUnusableFileIsRefusedWithWhatToDo(String file, String fix) {
        assertThatThrownBy(() -> KeyMaterial.parse(TestKeys.bytes(file)))
                .isInstanceOf(UnusableKey.class)
                .hasMessageContaining(fix);
    }

    @Test
    void damagedFilesAreRefusedWithoutQuotingThem() {
        var pem = text("rsa2048-pkcs8.pem");
        refused("");
        refused("nonsense");
        refused("AAAA");
        refused(pem.substring(0, 400));
        refused(pem.replaceFirst("MII", "MIA"));
        refused("-----BEGIN PRIVATE KEY-----\n!!!\n-----END PRIVATE KEY-----\n");
        refused("-----BEGIN PRIVATE KEY----");
        refused("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n");
        refused("x".repeat(KeyMaterial.MAX_FILE + 1));
    }

    @Test
    void aShortRsaKeyIsRefusedAndADoubtfulOneIsNot() throws UnusableKey {
        assertThatThrownBy(() -> SigningKey.of(TestKeys.DOMAIN, "s", KeyMaterial.parse(TestKeys.bytes("rsa512.pem"))))
                .hasMessageContaining("512 bits");
        assertThat(SigningKey.of(TestKeys.DOMAIN, "s", KeyMaterial.parse(TestKeys.bytes("rsa1024.pem"))))
                .hasToString("rsa-1024 s._domainkey.example.org");
    }

    @Test
    void nothingThatIsPrintedHoldsTheKey() throws UnusableKey {
        var material = KeyMaterial.parse(TestKeys.bytes("rsa2048-pkcs1.pem"));
        assertThat(material).hasToString("RSA_SHA256");
        assertThat(TestKeys.RSA).hasToString("rsa-2048 mail._domainkey.example.org");
        assertThat(TestKeys.ED25519).hasToString("ed25519 mail-ed25519._domainkey.example.org");
        assertThat(TestKeys.ring()).hasToString("keys for [example.org]");
    }

    @FuzzTest(maxDuration = "60s")
    void anyBytesAreAKeyOrRefused(byte[] data) {
        keyOrRefused(data);
    }

    @Test
    void noMutationOfAKeyFileBreaksTheReader() {
        var random = new SplittableRandom(7468);
        for (var file : new String[] {"ed25519-pkcs8.pem", "rsa1024.pem"}) {
            var good = TestKeys.bytes(file);
            for (int round = 0; round < 2_000; round++) {
                var bad = good.clone();
                for (int n = random.nextInt(3); n >= 0; n--)
                    bad[random.nextInt(round % 2 == 0 ? 90 : bad.length)] = (byte) random.nextInt(128);
                keyOrRefused(bad);
            }
        }
    }

    private static void keyOrRefused(byte[] data) {
        try {
            assertThat(KeyMaterial.parse(data).pair().getPrivate()).isNotNull();
        } catch (UnusableKey e) {
            assertThat(e.getMessage()).isPrintable().hasSizeBetween(10, 200);
        }
    }

    private static void refused(String text) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(UnusableKey.class)
                .hasNoCause()
                .hasMessageNotContainingAny("MII", "!!!");
    }

    private static KeyMaterial parse(String text) throws UnusableKey {
        return KeyMaterial.parse(text.getBytes(ISO_8859_1));
    }

    private static String text(String file) {
        return new String(TestKeys.bytes(file), ISO_8859_1);
    }
}
