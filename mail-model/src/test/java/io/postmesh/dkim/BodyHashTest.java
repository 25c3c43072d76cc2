package io.postmesh.dkim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BodyHashTest {
    /// What decides about canonical form, and little else: random bodies then meet every rule often.
    private static final byte[] TRICKY = " \t\r\nab\u0001\u007f\u00e9=".getBytes(ISO_8859_1);

    @ParameterizedTest
    @CsvSource(textBlock = """
                    'Hi.\\r\\n\\r\\nWe lost the game.  Are you hungry yet?\\r\\n\\r\\nJoe.\\r\\n', 2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=
                    '',                     47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=
                    '\\r\\n',               47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=
                    ' \\t\\r\\n \\r\\n',    47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=
                    """)
    void knownHashes(String body, String expected) { // RFC 8463 A.3; §3.4.4: an empty body stays empty
        var bytes = body.replace("\\r", "\r")
                .replace("\\n", "\n")
                .replace("\\t", "\t")
                .getBytes(ISO_8859_1);
        assertThat(Base64.getEncoder().encodeToString(hash(bytes))).isEqualTo(expected);
    }

    @Test
    void theExampleOfTheStandardHasThisForm() { // §3.4.5
        var body = " C \r\nD \t E\r\n\r\n\r\n".getBytes(ISO_8859_1);
        assertThat(hash(body)).isEqualTo(sha256(" C\r\nD E\r\n".getBytes(ISO_8859_1)));
    }

    @Test
    void everyShortBodyOfTrickyOctetsIsHashedLikeTheNaiveWay() {
        var alphabet = " \t\r\na".getBytes(ISO_8859_1);
        for (int length = 0; length <= 6; length++) {
            for (int n = 0; n < Math.pow(alphabet.length, length); n++) {
                var body = new byte[length];
                for (int i = 0, rest = n; i < length; i++, rest /= alphabet.length)
                    body[i] = alphabet[rest % alphabet.length];
                agree(body, hash(body));
            }
        }
    }

    @Test
    void howABodyIsCutIntoSlicesDoesNotMatter() {
        var random = new SplittableRandom(6376);
        for (int round = 0; round < 10_000; round++) {
            var body = body(random);
            var hash = new BodyHash();
            int at = 0;
            while (at < body.length) {
                int length = 1 + random.nextInt(Math.min(body.length - at, 1 + random.nextInt(600)));
                var slice = new byte[length + 5]; // not aligned with the array
                System.arraycopy(body, at, slice, 3, length);
                hash.update(slice, 3, length);
                Arrays.fill(slice, (byte) 'X'); // the caller may use its array again
                at += length;
            }
            agree(body, hash.digest());
        }
    }

    @FuzzTest(maxDuration = "60s")
    void anyBytesCutAnywhere(byte[] data) {
        int cut = data.length == 0 ? 0 : (data[0] & 0xff) % (data.length + 1);
        var hash = new BodyHash();
        hash.update(data, 0, cut);
        hash.update(data, cut, data.length - cut);
        agree(data, hash.digest());
    }

    private static byte[] body(SplittableRandom random) {
        int size = random.nextInt(10) == 0 ? random.nextInt(4_000) : random.nextInt(80);
        int plain = random.nextInt(100); // per cent of octets that are ordinary
        var body = new byte[size];
        for (int i = 0; i < size; i++) {
            if (random.nextInt(100) < plain) body[i] = (byte) ('a' + random.nextInt(26));
            else if (random.nextBoolean() && i + 1 < size) {
                body[i++] = '\r';
                body[i] = '\n';
            } else body[i] = TRICKY[random.nextInt(TRICKY.length)];
        }
        return body;
    }

    private static void agree(byte[] body, byte[] hash) {
        if (Arrays.equals(hash, sha256(NaiveBody.relaxed(body)))) return;
        assertThat(Arrays.toString(body)).as("a body hashed wrongly").isEmpty();
    }

    private static byte[] hash(byte[] body) {
        var hash = new BodyHash();
        hash.update(body, 0, body.length);
        return hash.digest();
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
