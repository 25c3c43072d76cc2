package io.postmesh.ingress.intake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.postmesh.contract.Slice;
import io.postmesh.ingress.Mutator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class HeaderSectionTest {
    private static final List<String> SEEDS = List.of(
            "From: a@demo.test\r\nSubject: x\r\n\r\nbody\r\n\r\nmore",
            "\r\nbody",
            "From: a@demo.test\r\n folded\r\n\r\n\r\n",
            "From: Team: a@demo.test, b@demo.test;\r\nMessage-ID: <1@demo.test>\r\nDate: today\r\n\r\n",
            "Received: by a\r\nReceived: by b\r\nFrom : a@demo.test\r\n\r\n");

    private record Taken(String section, int octets, boolean complete) {}

    @Test
    void theSectionEndsWithTheFirstEmptyLine() {
        assertThat(inOne("A: b\r\n\r\nbody\r\n\r\n".getBytes(ISO_8859_1)))
                .isEqualTo(new Taken("A: b\r\n\r\n", 8, true));
        assertThat(inOne("\r\nbody".getBytes(ISO_8859_1))).isEqualTo(new Taken("\r\n", 2, true));
        assertThat(inOne("A: b\r\n".getBytes(ISO_8859_1))).isEqualTo(new Taken("A: b\r\n", 6, false));
    }

    @Test
    void anyDamageIsReadTheSameHoweverItIsCut() {
        Mutator.each(SEEDS, HeaderSectionTest::isReadTheSame);
    }

    @FuzzTest(maxDuration = "2m")
    void cutsDoNotMatterAndAnySectionIsJudged(byte[] input) {
        isReadTheSame(input);
    }

    @Test
    void aMessageIdIsNotCutInTheMiddleOfACharacter() {
        var long_ = "<" + "x".repeat(HeaderCheck.MAX_MESSAGE_ID - 2);
        var section = "From: a@demo.test\r\nMessage-ID: " + long_ + "\ud83d\ude00@demo.test>\r\n\r\n";
        var check = HeaderCheck.of(Slice.of(section.getBytes(UTF_8)));
        assertThat(check).isInstanceOf(HeaderCheck.Fine.class);
        assertThat(((HeaderCheck.Fine) check).facts().messageId()).contains(long_);
    }

    private static void isReadTheSame(byte[] input) {
        var whole = inOne(input);
        assertThat(inPieces(input, new Random(input.length))).isEqualTo(whole);
        var text = new String(input, ISO_8859_1);
        int end = text.startsWith("\r\n") ? 2 : text.indexOf("\r\n\r\n") + 4;
        boolean complete = end > 3 || end == 2;
        assertThat(whole.section()).isEqualTo(complete ? text.substring(0, end) : text);
        judge(whole.section());
    }

    // Whatever it says, it says it without an exception, and a refusal in our own words.
    private static void judge(String section) {
        switch (HeaderCheck.of(Slice.of(section.getBytes(ISO_8859_1)))) {
            case HeaderCheck.Fine(var facts) ->
                assertThat(facts.messageId().orElse("")).doesNotContain("\r\n");
            case HeaderCheck.Wrong(var answer) -> {
                assertThat(answer.reply().isPermanent()).isTrue();
                assertThat(answer.reply().text()).isASCII();
            }
        }
    }

    private static Taken inOne(byte[] input) {
        var section = new HeaderSection();
        int octets = section.take(input, 0, input.length);
        return taken(section, octets);
    }

    private static Taken inPieces(byte[] input, Random random) {
        var section = new HeaderSection();
        int at = 0;
        while (at < input.length && !section.isComplete()) {
            int count = Math.min(input.length - at, 1 + random.nextInt(5));
            at += section.take(input, at, count);
        }
        return taken(section, at);
    }

    private static Taken taken(HeaderSection section, int octets) {
        return new Taken(new String(section.slice().toBytes(), ISO_8859_1), octets, section.isComplete());
    }
}
