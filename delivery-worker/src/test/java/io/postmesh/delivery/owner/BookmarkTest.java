package io.postmesh.delivery.owner;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BookmarkTest {
    private static Bookmark bookmark(int records) {
        var tracker = Tracker.from(1_000);
        for (long offset = 1_000; offset < 1_000 + records; offset++) tracker.arrives(offset);
        for (long offset = 1_001; offset < 1_000 + records; offset += 3) tracker.finish(offset);
        return new Bookmark(7, 20, 10, 30, tracker.runs());
    }

    @Test
    void whatIsWrittenIsRead() {
        var written = bookmark(100);
        var read = Bookmark.parse(written.text()).orElseThrow();
        assertThat(read.epoch()).isEqualTo(7);
        assertThat(read.outcomesFrom()).isEqualTo(20);
        assertThat(read.memoryFrom()).isEqualTo(10);
        assertThat(read.waitingFrom()).isEqualTo(30);
        assertThat(read.readFrom()).isEqualTo(10);
        assertThat(read.runs().bytes()).isEqualTo(written.runs().bytes());
        assertThat(read.runs().span()).isEqualTo(written.runs().span());
    }

    // Kafka's offset.metadata.max.bytes is 4096.
    @Test
    void theLongestFitsIntoAKafkaCommit() {
        var longest = bookmark(100_000);
        assertThat(longest.runs().whole()).isFalse();
        assertThat(longest.text()).hasSizeLessThan(4096);
        assertThat(Bookmark.parse(longest.text())).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "some tool's note", "AAAA", "====", "AQ"})
    void whatIsNoBookmarkCountsAsNone(String text) {
        assertThat(Bookmark.parse(text)).isEmpty();
    }

    @FuzzTest(maxDuration = "20s")
    void anythingIsReadOrCountsAsNone(FuzzedDataProvider data) {
        readOrNot(data.consumeRemainingAsBytes());
    }

    @Test
    void tenThousandMutationsAreReadOrCountAsNone() {
        var random = new Random(13);
        var seed = Base64.getUrlDecoder().decode(bookmark(200).text());
        for (int i = 0; i < 10_000; i++) {
            var bytes = seed.clone();
            for (int j = random.nextInt(4); j >= 0; j--) bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            readOrNot(bytes);
        }
    }

    // What was read must be fit for work: a tracker of bounded size.
    private static void readOrNot(byte[] bytes) {
        var text = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        Bookmark.parse(text).ifPresent(read -> {
            assertThat(read.runs().span()).isBetween(0L, Runs.MAX_SPAN);
            new Tracker(5, read.runs()).passed(6);
        });
    }
}
