package io.postmesh.delivery.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.postmesh.mail.SmtpReply;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExtensionsTest {
    @Test
    void keywordsAreReadInAnyCase() {
        var extensions =
                parse("mx.test hello", "pipelining", "SIZE 1000", "8BitMime", "SMTPUTF8", "STARTTLS", "X-ODD y");
        assertThat(extensions.pipelining()).isTrue();
        assertThat(extensions.size()).isEqualTo(1000);
        assertThat(extensions.eightBitMime()).isTrue();
        assertThat(extensions.smtpUtf8()).isTrue();
        assertThat(extensions.startTls()).isTrue();
    }

    @Test
    void theGreetingIsNoKeyword() {
        assertThat(parse("STARTTLS").startTls()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "SIZE, 0",
        "SIZE 0, 0",
        "SIZE 35882577, 35882577",
        "SIZE -1, 0",
        "SIZE 1k, 0",
        "SIZE 99999999999999999999999, 0",
        "SIZE=100, 0"
    })
    void aSizeThatCannotBeReadLimitsNothing(String line, long size) {
        assertThat(parse("mx.test", line).size()).isEqualTo(size);
    }

    @ParameterizedTest
    @CsvSource({"AUTH PLAIN LOGIN", "AUTH=PLAIN LOGIN", "auth  login plain", "AUTH =LOGIN PLAIN"})
    void mechanismsAreReadInOldAndNewForm(String line) {
        assertThat(parse("mx.test", line).auth()).containsExactlyInAnyOrder("PLAIN", "LOGIN");
    }

    @FuzzTest(maxDuration = "20s")
    void anythingIsRead(FuzzedDataProvider data) {
        var lines = new ArrayList<String>(List.of("mx.test"));
        while (data.remainingBytes() > 0 && lines.size() < 100) lines.add(data.consumeString(200));
        assertThat(Extensions.parse(SmtpReply.lines(250, lines)).size()).isNotNegative();
    }

    private static Extensions parse(String... lines) {
        return Extensions.parse(SmtpReply.lines(250, List.of(lines)));
    }
}
