package io.postmesh.lab.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.lab.load.Witness.Accepted;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class AccountsTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final String ANN = "ann@one.test";
    private static final String BOB = "bob@two.test";

    private final Accepted mail = new Accepted(START, 1, "<a>", new String[] {ANN, BOB}, "id", Duration.ZERO, 0, "");
    private final Accounts accounts = Accounts.of(new Evidence(
            List.of(mail),
            List.of(),
            List.of(delivery(2, 9, ANN), delivery(1, 4, ANN)),
            List.of(new Report("id", List.of(BOB))),
            List.of()));

    private static Delivery delivery(long number, int second, String to) {
        var at = START.plusSeconds(second);
        return new Delivery(number, at, at, "<a>", List.of(to), true, true);
    }

    @Test
    void copiesAreOldestFirstAndReportsAreOfOneRecipient() {
        assertThat(accounts.copies(mail, ANN)).extracting(Delivery::number).containsExactly(1L, 2L);
        assertThat(accounts.copies(mail, BOB)).isEmpty();
        assertThat(accounts.isReported(mail, BOB)).isTrue();
        assertThat(accounts.isReported(mail, ANN)).isFalse();
    }

    @Test
    void aWaitEndsWithTheFirstCopyAndLastsADayForWhoGotNone() {
        assertThat(accounts.waits((_, _) -> true)).containsExactly(Duration.ofSeconds(4), Duration.ofDays(1));
        assertThat(accounts.waits((_, to) -> to.equals(ANN))).containsExactly(Duration.ofSeconds(4));
    }

    @Test
    void whoCameLaterHasNotArrivedByThen() {
        assertThat(accounts.arrived((_, _) -> true, START.plusSeconds(5))).isEqualTo(1);
        assertThat(accounts.arrived((_, _) -> true, START.plusSeconds(4))).isZero();
    }
}
