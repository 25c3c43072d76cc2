package io.postmesh.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.audit.Trail;
import io.postmesh.contract.Action;
import io.postmesh.contract.ActionId;
import io.postmesh.contract.Journey;
import io.postmesh.contract.Outcome;
import io.postmesh.contract.Reason;
import io.postmesh.contract.RecordId;
import io.postmesh.contract.Selector;
import io.postmesh.mail.MailId;
import io.postmesh.runtime.control.Replies;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WhyTest {
    private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");
    private static final MailId MAIL =
            MailId.parse("01BX5ZZKBKACTAV9WEVGEMMVRZ").orElseThrow();

    private static Journey step(Journey.Stage stage, int second) {
        var at = NOW.plusSeconds(second);
        return new Journey(MAIL, stage, at, NOW, "ann@demo.test", List.of("you@one.test"), "by a\u202erule\n");
    }

    private static Outcome outcome(Outcome.Kind kind, int second) {
        return new Outcome(
                new Outcome.About(
                        MAIL,
                        RecordId.of(MAIL, new int[] {0}),
                        List.of(0),
                        List.of("you@one.test"),
                        "ann@demo.test",
                        NOW,
                        "one.test",
                        false),
                Outcome.What.of(kind),
                Outcome.Cause.of(Reason.DELIVERED),
                new Outcome.By("worker", 1, 0),
                Outcome.Heard.NOTHING,
                NOW.plusSeconds(second));
    }

    @Test
    void oneListInTheOrderOfTimeNamesTheSenderAndThePeople() {
        var trail = new Trail(
                MAIL,
                Optional.empty(),
                List.of(step(Journey.Stage.CLEARED, 1), step(Journey.Stage.SIGNED, 3)),
                List.of(outcome(Outcome.Kind.ATTEMPTED, 2), outcome(Outcome.Kind.DELIVERED, 4)),
                List.of());
        var question = new Action(
                new ActionId(MAIL.text()),
                Action.Verb.LIST,
                Selector.ALL,
                "",
                "ann",
                Duration.ofSeconds(10),
                false,
                1,
                50);
        var replies = new Replies(question, NOW, 1, List.of(), List.of());
        var lines = new Why(trail, Map.of(0, "you@one.test"), replies, List.of()).lines(NOW);
        assertThat(lines.getFirst()).isEqualTo("sender ann@demo.test");
        assertThat(lines.subList(1, 5))
                .map(line -> line.split(" +")[1])
                .containsExactly("cleared", "attempted", "signed", "delivered");
        assertThat(lines.get(2)).contains("attempted  you@one.test attempt=1").doesNotContain("positions");
        assertThat(lines.get(1)).endsWith("  cleared  by a\\u202erule\\u000a");
    }
}
