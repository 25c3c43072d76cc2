package io.postmesh.delivery.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.runtime.redis.SlotLease;
import io.postmesh.runtime.redis.SlotLeases;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SlotsTest {
    private static final Duration REST = Duration.ofSeconds(30);

    private final Slots slots = new Slots(10, REST);
    private Instant now = Instant.parse("2026-11-26T10:00:00Z");

    @Test
    void aDestinationOfOneWorkerAloneNeedsNoLease() {
        assertThat(slots.usable(now)).isEqualTo(10);
        assertThat(slots.ask(5, 0, now)).isEmpty();
    }

    @Test
    void nobodyTalksBeforeTheFirstAnswerAndOneQuestionAtATimeIsAsked() {
        slots.share();
        assertThat(slots.usable(now)).isZero();
        assertThat(wanted(3, 0)).contains(3);
        assertThat(wanted(3, 0)).isEmpty();
    }

    @Test
    void aLeaseIsGoodForItsTimeFromTheMomentItWasAskedFor() {
        slots.share();
        var ask = slots.ask(3, 0, now).orElseThrow();
        pass(Duration.ofSeconds(1));
        slots.heard(ask, new SlotLease.Agreed(3, Duration.ZERO), now);
        assertThat(slots.usable(now)).isEqualTo(3);
        pass(SlotLeases.TTL.minusSeconds(1).minusMillis(1));
        assertThat(slots.usable(now)).isEqualTo(3);
        pass(Duration.ofMillis(1));
        assertThat(slots.usable(now)).isZero();
    }

    @Test
    void itIsRenewedInTimeWhetherSomebodyTalksOrHasTalkedLately() {
        agreed(3, 3);
        assertThat(wanted(0, 0)).as("too early").isEmpty();
        for (var since = now; now.isBefore(since.plus(REST)); pass(SlotLeases.RENEW)) {
            if (now.equals(since)) continue;
            assertThat(wanted(0, 0)).as("connections rest for " + REST).contains(3);
            slots.heard(lastAsk, new SlotLease.Agreed(3, Duration.ZERO), now);
        }
    }

    @Test
    void whatNobodyNeedsIsGivenBackAndThenNobodyIsAsked() {
        agreed(3, 3);
        pass(REST.multipliedBy(2));
        assertThat(wanted(0, 0)).contains(3); // in these 30 s nobody talked; in those before, three did
        slots.heard(lastAsk, new SlotLease.Agreed(3, Duration.ZERO), now);
        pass(REST);
        assertThat(wanted(0, 0)).contains(0);
        assertThat(lastAsk.closes()).isTrue();
        slots.heard(lastAsk, new SlotLease.Agreed(0, Duration.ZERO), now);
        assertThat(slots.isForgettable()).isTrue();
        pass(REST);
        assertThat(wanted(0, 0)).isEmpty();
    }

    // Others may be granted by then what was told to be free.
    @Test
    void untilTheAnswerHasComeNoMoreTalkThanTheOthersAreTold() {
        var ask = toldThatTwoOfThreeAreFree();
        assertThat(slots.usable(now)).isEqualTo(1);
        slots.heard(ask, new SlotLease.Agreed(2, Duration.ZERO), now);
        assertThat(slots.usable(now)).isEqualTo(2);
    }

    // Redis may have heard it, and only the answer was lost.
    @Test
    void whatWasToldToBeFreeIsNotUsedWithoutAnAnswerEither() {
        slots.heard(toldThatTwoOfThreeAreFree(), new SlotLease.OwnShare(1, Duration.ofSeconds(1)), now);
        assertThat(slots.usable(now)).isEqualTo(1);
    }

    // One talks, and the lease of three is renewed until nobody remembers the others.
    private Slots.Ask toldThatTwoOfThreeAreFree() {
        agreed(3, 3);
        while (true) {
            pass(SlotLeases.RENEW);
            var ask = slots.ask(1, 1, now).orElseThrow();
            if (ask.open() == 1) return ask;
            slots.heard(ask, new SlotLease.Agreed(3, Duration.ZERO), now);
        }
    }

    @Test
    void whoIsRefusedAsksAgainWhenItWasToldTo() {
        slots.share();
        slots.heard(slots.ask(5, 0, now).orElseThrow(), new SlotLease.Agreed(0, Duration.ofSeconds(2)), now);
        pass(Duration.ofMillis(1_999));
        assertThat(wanted(5, 0)).isEmpty();
        pass(Duration.ofMillis(1));
        assertThat(wanted(5, 0)).contains(5);
    }

    @Test
    void whoGetsLessThanItHadClosesWhatRestsAndSaysSoAsSoonAsConversationsHaveEnded() {
        agreed(10, 10);
        pass(SlotLeases.RENEW);
        var renewal = new Slots.Ask(10, 10, false, now); // eight talk, two may rest
        assertThat(slots.ask(10, 8, now)).contains(renewal);
        slots.heard(renewal, new SlotLease.Agreed(5, Duration.ofSeconds(1)), now);
        assertThat(slots.usable(now)).isEqualTo(5);
        assertThat(wanted(8, 8)).as("too early").isEmpty();
        pass(Duration.ofSeconds(1));
        assertThat(slots.ask(5, 7, now)).contains(new Slots.Ask(10, 7, true, now));
    }

    @Test
    void withoutRedisALeaseStandsToItsEndAndThenTheOwnShareIsUsed() {
        agreed(7, 7);
        pass(SlotLeases.RENEW);
        assertThat(wanted(7, 7)).contains(7);
        assertThat(slots.heard(lastAsk, new SlotLease.OwnShare(4, Duration.ofSeconds(1)), now))
                .isFalse();
        assertThat(slots.usable(now)).isEqualTo(7);
        pass(SlotLeases.TTL);
        assertThat(slots.usable(now)).isEqualTo(4);
        assertThat(wanted(7, 4)).contains(7);
        assertThat(slots.heard(lastAsk, new SlotLease.OwnShare(4, Duration.ofSeconds(1)), now))
                .as("three rest")
                .isTrue();
    }

    @Test
    void aLargeLimitIsLeasedInBlocks() {
        var large = new Slots(1_000, REST);
        large.share();
        assertThat(large.ask(1, 0, now).orElseThrow().wanted()).isEqualTo(100);
        var small = new Slots(3, REST);
        small.share();
        assertThat(small.ask(1, 0, now).orElseThrow().wanted()).isEqualTo(1);
    }

    private Slots.Ask lastAsk = new Slots.Ask(0, 0, false, now);

    private void agreed(int wanted, int granted) {
        slots.share();
        assertThat(wanted(wanted, 0)).contains(wanted);
        slots.heard(lastAsk, new SlotLease.Agreed(granted, Duration.ZERO), now);
    }

    private Optional<Integer> wanted(int need, int talking) {
        var ask = slots.ask(need, talking, now);
        ask.ifPresent(asked -> lastAsk = asked);
        return ask.map(Slots.Ask::wanted);
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }
}
