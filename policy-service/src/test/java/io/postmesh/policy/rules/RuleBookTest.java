package io.postmesh.policy.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.mail.Domain;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RuleBookTest {
    private static final Duration DAY = Duration.ofDays(1);

    /// A worker that starts again must not call the same rules by another version; if this number changes, the text of
    /// the book has.
    @Test
    void theVersionOfABookIsPinned() {
        assertThat(listed("example.com", "example.org").version()).isEqualTo(PINNED);
    }

    private static final int PINNED = 707_448_839;

    @Test
    void theOrderInASettingDoesNotMatter() {
        var names = new ArrayList<>(List.of("a.test", "b.test", "c.test", "d.test", "e.test"));
        int version = listed(names.toArray(String[]::new)).version();
        var random = new Random(1);
        for (int i = 0; i < 20; i++) {
            Collections.shuffle(names, random);
            assertThat(listed(names.toArray(String[]::new)).version()).isEqualTo(version);
        }
    }

    @Test
    void everyChangeOfARuleIsAnotherVersion() {
        var book = listed("example.com");
        assertThat(new HashSet<>(List.of(
                        book.version(),
                        listed("example.com", "example.org").version(),
                        new RuleBook(new SenderRule.Any(), "", DAY, 100).version(),
                        new RuleBook(book.senders(), "10/s", DAY, 100).version(),
                        new RuleBook(book.senders(), "", DAY.plusMillis(1), 100).version(),
                        new RuleBook(book.senders(), "", DAY, 99).version())))
                .hasSize(6)
                .allMatch(version -> version >= 0);
    }

    private static RuleBook listed(String... domains) {
        var set = new HashSet<>(Arrays.stream(domains).map(Domain::new).toList());
        return new RuleBook(new SenderRule.Listed(set), "", DAY, 100);
    }
}
