package io.postmesh.signer.dkim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.postmesh.signer.keys.TestKeys;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DkimSignerTest {
    private static final OwnVerifier VERIFIER = new OwnVerifier(TestKeys.dns());
    private static final String LETTER = "From: Ann <ann@example.org>\r\nTo: bob@example.net\r\nSubject: Pay 10\r\n"
            + "Date: Sat, 1 Jan 2022 00:00:00 +0000\r\n\r\nHello\r\n";

    @TestFactory
    List<DynamicTest> bothSignaturesHold() {
        return Letters.all().entrySet().stream()
                .map(letter -> DynamicTest.dynamicTest(
                        letter.getKey(),
                        () -> assertThat(VERIFIER.verify(Letters.signed(letter.getValue())))
                                .containsExactly(
                                        "pass a=rsa-sha256 d=example.org s=mail",
                                        "pass a=ed25519-sha256 d=example.org s=mail-ed25519")))
                .toList();
    }

    @Test
    void anIndependentVerifierAgrees(@TempDir Path folder) throws Exception {
        assumeThat(PythonVerifier.isInstalled())
                .as("python3-dkim and python3-nacl")
                .isTrue();
        var letters = new LinkedHashMap<String, byte[]>();
        for (var letter : Letters.all().entrySet())
            letters.put(letter.getKey(), Letters.onTheWire(Letters.signed(letter.getValue())));
        var verdicts = PythonVerifier.verify(folder, letters, TestKeys.dns());
        assertThat(verdicts).hasSameSizeAs(letters);
        assertThat(verdicts).allSatisfy((name, both) -> assertThat(both).containsExactly("pass", "pass"));
    }

    @Test
    void noMutationOfAnOverSignedFieldGoesUnseenByAnIndependentVerifier(@TempDir Path folder) throws Exception {
        assumeThat(PythonVerifier.isInstalled())
                .as("python3-dkim and python3-nacl")
                .isTrue();
        var verdicts = PythonVerifier.verify(folder, mutations(), TestKeys.dns());
        assertThat(verdicts).hasSameSizeAs(mutations());
        assertThat(verdicts)
                .allSatisfy((name, both) -> assertThat(both).hasSize(2).doesNotContain("pass"));
    }

    @Test
    void noMutationOfAnOverSignedFieldGoesUnseen() throws Exception {
        for (var mutation : mutations().entrySet())
            assertThat(VERIFIER.verify(mutation.getValue()))
                    .as(mutation.getKey())
                    .hasSize(2)
                    .allMatch(verdict -> verdict.startsWith("fail"));
    }

    private static Map<String, byte[]> mutations() throws Exception {
        var signed = new String(Letters.signed(LETTER.getBytes(ISO_8859_1)), ISO_8859_1);
        var mutations = new LinkedHashMap<String, byte[]>();
        for (var field : List.of(
                "From: evil@example.com",
                "Subject: Pay 1000",
                "Content-Type: text/html",
                "Content-Transfer-Encoding: base64",
                "Reply-To: evil@example.com",
                "To: x@y",
                "Cc: x@y",
                "Date: Sun, 2 Jan 2022 00:00:00 +0000",
                "Message-ID: <evil@x>",
                "MIME-Version: 1.0",
                "List-Unsubscribe: <https://evil.example>",
                "List-Unsubscribe-Post: List-Unsubscribe=One-Click")) {
            var name = field.substring(0, field.indexOf(':'));
            mutations.put("prepended-" + name, (field + "\r\n" + signed).getBytes(ISO_8859_1));
            var appended = signed.replaceFirst("\r\n\r\n", "\r\n" + field + "\r\n\r\n");
            mutations.put("appended-" + name, appended.getBytes(ISO_8859_1));
        }
        mutations.put("body-appended", (signed + "more\r\n").getBytes(ISO_8859_1));
        mutations.put("subject-changed", signed.replace("Pay 10", "Pay 20").getBytes(ISO_8859_1));
        return mutations;
    }

    @Test
    void whatALaterHopAddsAboveDoesNotHarm() throws Exception {
        var signed = new String(Letters.signed(LETTER.getBytes(ISO_8859_1)), ISO_8859_1);
        var passed = "Received: from a by b;\r\n\tnow\r\nX-Spam: no\r\n"
                + signed.replace("Subject: Pay", "Subject:  \r\n\t Pay");
        assertThat(VERIFIER.verify(passed.getBytes(ISO_8859_1))).hasSize(2).allMatch(v -> v.startsWith("pass"));
    }

    @Test
    void whiteSpaceBeforeTheColonIsSignedAsIfItWereNotThere() throws Exception {
        var letter = "From : ann@example.org\r\nSubject \t: x\r\n\r\nx\r\n".getBytes(ISO_8859_1);
        assertThat(VERIFIER.verify(Letters.signed(letter))).hasSize(2).allMatch(v -> v.startsWith("pass"));
    }

    @Test
    void repeatedFieldsAreTakenFromTheBottom() throws Exception {
        var signed = new String(Letters.signed(Letters.named("repeated-fields")), ISO_8859_1);
        assertThat(tags(signed).get("h")).contains("cc:cc:cc:cc").contains("references:references");
        var oneMoved = signed.replace("Cc: three@c\r\n", "").replace("Cc: one@a\r\n", "Cc: three@c\r\nCc: one@a\r\n");
        assertThat(VERIFIER.verify(oneMoved.getBytes(ISO_8859_1))).allMatch(v -> v.startsWith("fail"));
    }

    @Test
    void theFieldSaysWhatItMustAndNoMore() throws Exception {
        var signed = new String(Letters.signed(LETTER.getBytes(ISO_8859_1)), ISO_8859_1);
        var tags = tags(signed);
        assertThat(tags).containsOnlyKeys("v", "a", "c", "d", "s", "t", "h", "bh", "b");
        assertThat(tags)
                .containsEntry("c", "relaxed/relaxed")
                .containsEntry("t", "1700000000")
                .containsEntry("v", "1");
        assertThat(Arrays.asList(OwnVerifier.tag(tags, "h").split(":")))
                .startsWith("from", "from", "to", "to", "cc", "subject", "subject", "date", "date", "message-id")
                .doesNotContain("received", "return-path", "bcc", "dkim-signature");
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "newsletter", "repeated-fields", "long-lines"})
    void noLineOfTheFieldReaches78Columns(String name) throws Exception {
        var letter = Letters.named(name);
        var signed = new String(Letters.signed(letter), ISO_8859_1);
        var fields = signed.substring(0, signed.length() - letter.length);
        assertThat(fields.split("\r\n")).allSatisfy(line -> assertThat(line).hasSizeLessThan(78));
        assertThat(fields).endsWith("\r\n").doesNotContain("\r\n\r\n").doesNotContain(" \r\n");
        assertThat(fields.replace("\r\n", "")).doesNotContain("\r", "\n");
    }

    private static Map<String, String> tags(String message) {
        return OwnVerifier.tags(message.split("\r\n(?![ \t])")[0]);
    }
}
