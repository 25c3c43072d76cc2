package io.postmesh.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.postmesh.contract.Slice;
import java.io.ByteArrayOutputStream;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadersTest {
    private static final String MESSAGE =
            "From: a@example.org\r\nsubject :\tHello\r\n  there \r\nTO:b\r\nSubject: again\r\n\r\n";

    @Test
    void fieldsAreFoundInOrderWithLowerCaseNames() throws BadHeader {
        var headers = scan(MESSAGE);
        assertThat(headers.fields()).extracting(HeaderField::name).containsExactly("from", "subject", "to", "subject");
        assertThat(headers.count("subject")).isEqualTo(2);
        assertThat(headers.all("subject")).extracting(HeaderField::value).containsExactly("Hello  there", "again");
        assertThat(headers.first("to"))
                .hasValueSatisfying(f -> assertThat(f.value()).isEqualTo("b"));
        assertThat(headers.first("cc")).isEmpty();
    }

    @Test
    void everyOctetOfAFieldIsKept() throws BadHeader {
        assertThat(bytes(scan(MESSAGE))).isEqualTo(MESSAGE.substring(0, MESSAGE.length() - 2));
    }

    @Test
    void theSectionMayBeASliceAndMayLackItsEmptyLine() throws BadHeader {
        var inside = ("XX" + MESSAGE + "body: not a field\r\n").getBytes(ISO_8859_1);
        assertThat(Headers.scan(new Slice(inside, 2, MESSAGE.length())).fields())
                .hasSize(4);
        assertThat(Headers.scan(new Slice(inside, 2, MESSAGE.length() - 2)).fields())
                .hasSize(4);
        assertThat(scan("").fields()).isEmpty();
        assertThat(scan("\r\n").fields()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "From\r\n : a@b\r\n", // white space only right before the colon, not a fold (RFC 5322 §4.5.1)
                " From: a@b\r\n", // a continuation of nothing
                ": a@b\r\n",
                "no colon here\r\n",
                "From a@b: x\r\n",
                "Fr\u00f6m: a@b\r\n",
                "From: a@b", // no line end
                "From: a@b\r",
                "From: a@b\r\nX\r\n\r\n"
            })
    void whatIsNotAFieldIsRefused(String section) {
        assertThatThrownBy(() -> scan(section)).isInstanceOf(BadHeader.class);
    }

    @Test
    void aBareLineFeedDoesNotEndAField() throws BadHeader {
        assertThat(scan("Subject: x\nFrom: evil@b\r\n").fields())
                .extracting(HeaderField::name)
                .containsExactly("subject");
    }

    @Test
    void theNumberOfFieldsIsBounded() throws BadHeader {
        assertThat(scan("A: b\r\n".repeat(Headers.MAX_FIELDS)).fields()).hasSize(Headers.MAX_FIELDS);
        assertThatThrownBy(() -> scan("A: b\r\n".repeat(Headers.MAX_FIELDS + 1)))
                .hasMessageContaining("header fields");
    }

    @FuzzTest(maxDuration = "60s")
    void scanningKeepsEveryOctetOrRefuses(byte[] data) {
        keepsEveryOctetOrRefuses(data);
    }

    @Test
    void aThousandMutationsOfAGoodSectionNeverBreakIt() {
        var random = new SplittableRandom(5322);
        var tricky = "\r\n :\tA\u0000\u00e9-".getBytes(ISO_8859_1);
        for (int round = 0; round < 20_000; round++) {
            var data = MESSAGE.getBytes(ISO_8859_1);
            for (int n = random.nextInt(6); n >= 0; n--)
                data[random.nextInt(data.length)] = tricky[random.nextInt(tricky.length)];
            keepsEveryOctetOrRefuses(data);
        }
    }

    private static void keepsEveryOctetOrRefuses(byte[] data) {
        try {
            var headers = Headers.scan(Slice.of(data));
            var section = new String(data, ISO_8859_1);
            int end = section.startsWith("\r\n") ? 0 : section.indexOf("\r\n\r\n") + 2;
            var expected = end == 1 ? section : section.substring(0, end);
            assertThat(bytes(headers)).isEqualTo(expected);
            for (var field : headers.fields()) wellFormed(field);
        } catch (BadHeader e) {
            assertThat(e.getMessage()).isASCII();
        }
    }

    private static void wellFormed(HeaderField field) {
        var raw = field.raw();
        assertThat(field.name())
                .isNotEmpty()
                .doesNotContain(":", " ", "\t")
                .isASCII()
                .isLowerCase();
        assertThat(raw.get(field.valueAt() - 1)).isEqualTo((byte) ':');
        assertThat(raw.get(raw.length() - 1)).isEqualTo((byte) '\n');
        assertThat(field.value()).doesNotContain("\r\n");
    }

    private static Headers scan(String section) throws BadHeader {
        return Headers.scan(Slice.of(section.getBytes(ISO_8859_1)));
    }

    private static String bytes(Headers headers) {
        var all = new ByteArrayOutputStream();
        for (var field : headers.fields()) all.writeBytes(field.raw().toBytes());
        return all.toString(ISO_8859_1);
    }
}
