package io.postmesh.delivery.owner;

import static io.postmesh.delivery.owner.Wanted.HOUR;
import static io.postmesh.delivery.owner.Wanted.NOW;
import static io.postmesh.delivery.owner.Wanted.waiting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postmesh.contract.Action.Verb;
import io.postmesh.contract.Answer.Place;
import io.postmesh.contract.Reason;
import io.postmesh.contract.Waiting;
import io.postmesh.delivery.control.Orders;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RollTest {
    private final Orders orders = new Orders();
    private final Roll roll = new Roll(orders, state -> !state.destination().equals("rests.test"));

    @Test
    void eachWaitsInOnePlace() {
        orders.take(0, NOW, Wanted.action(Verb.SUSPEND, Wanted.domain("two.test"), 1, 0));
        assertThat(Roll.place(waiting("a", "one.test", Optional.of(NOW)), orders, NOW))
                .isEqualTo(Place.DUE);
        assertThat(Roll.place(waiting("a", "one.test", Optional.of(NOW.plusMillis(1))), orders, NOW))
                .isEqualTo(Place.WAITING);
        assertThat(Roll.place(waiting("a", "two.test", Optional.of(NOW)), orders, NOW))
                .isEqualTo(Place.SUSPENDED);
        assertThat(Roll.place(waiting("a", "two.test", Optional.empty()), orders, NOW))
                .isEqualTo(Place.HELD);
    }

    @Test
    void whatWasCountedLastIsToldWhileItIsCountedAgain() {
        roll.begin(NOW);
        roll.count(waiting("a", "one.test", Optional.of(NOW)), NOW);
        roll.count(waiting("b", "one.test", Optional.of(NOW)), NOW);
        assertThat(roll.queued(Place.DUE).mails()).isZero();
        roll.end(NOW);
        assertThat(roll.queued(Place.DUE).mails()).isEqualTo(2);
        assertThat(roll.queued(Place.HELD).mails()).isZero();
        roll.begin(NOW);
        roll.count(waiting("a", "one.test", Optional.empty()), NOW);
        assertThat(roll.queued(Place.DUE).mails()).isEqualTo(2);
        roll.end(NOW);
        assertThat(roll.queued(Place.DUE).mails()).isZero();
        assertThat(roll.queued(Place.HELD).mails()).isEqualTo(1);
    }

    @Test
    void runnableIsWhatIsDueAndNotHeldUpByItsDestination() {
        roll.begin(NOW);
        roll.count(waiting("a", "one.test", Optional.of(NOW)), NOW);
        roll.count(waiting("b", "rests.test", Optional.of(NOW)), NOW);
        roll.count(waiting("c", "one.test", Optional.of(NOW.plusSeconds(1))), NOW);
        roll.count(waiting("d", "one.test", Optional.empty()), NOW);
        roll.end(NOW);
        assertThat(roll.runnable()).isEqualTo(1);
        assertThat(roll.queued(Place.DUE).mails()).isEqualTo(2);
    }

    @Test
    void whatIsDueHasWaitedSinceItFellDueAndTheRestSinceItWasAccepted() {
        var yesterday = NOW.minus(HOUR.multipliedBy(24));
        roll.begin(NOW);
        roll.count(accepted(yesterday, Optional.of(NOW.minusSeconds(1))), NOW);
        roll.count(accepted(NOW.minus(HOUR), Optional.of(NOW.minusSeconds(30))), NOW);
        roll.count(accepted(yesterday, Optional.of(NOW.plusSeconds(1))), NOW);
        roll.count(accepted(yesterday, Optional.empty()), NOW);
        roll.end(NOW);
        assertThat(roll.queued(Place.DUE).oldest()).isEqualTo(NOW.minusSeconds(30));
        assertThat(roll.queued(Place.WAITING).oldest()).isEqualTo(yesterday);
        assertThat(roll.queued(Place.HELD).oldest()).isEqualTo(yesterday);
    }

    private static Waiting accepted(Instant at, Optional<Instant> due) {
        return waiting("a", "one.test", due, Reason.PUT_OFF, 1, Optional.empty(), at);
    }

    @Test
    void aRollThatADefectEndsIsCalledAgainAndTheLastOneIsToldMeanwhile() throws Exception {
        var clock = Clock.fixed(NOW, ZoneOffset.UTC);
        roll.asked();
        roll.call(each -> each.accept(waiting("a", "one.test", Optional.of(NOW))), clock);
        assertThat(roll.queued(Place.DUE).mails()).isEqualTo(1);
        roll.asked();
        assertThatThrownBy(() -> roll.call(
                        each -> {
                            each.accept(waiting("a", "one.test", Optional.empty()));
                            throw new IllegalStateException("a defect");
                        },
                        clock))
                .hasMessage("a defect");
        assertThat(roll.queued(Place.DUE).mails()).isEqualTo(1);
        assertThat(roll.queued(Place.HELD).mails()).isZero();
        assertThat(roll.isOld(NOW.plusSeconds(14))).isFalse();
        assertThat(roll.isOld(NOW.plusSeconds(15))).isTrue();
    }

    @Test
    void itIsCalledAgainAfterAWhileOrSeldomerWhenItTakesLong() {
        assertThat(roll.isOld(NOW)).isTrue();
        roll.asked();
        assertThat(roll.isOld(NOW.plus(HOUR))).isFalse(); // once at a time
        roll.begin(NOW);
        roll.end(NOW.plusMillis(100));
        assertThat(roll.isOld(NOW.plusSeconds(15))).isFalse();
        assertThat(roll.isOld(NOW.plusSeconds(16))).isTrue();
        roll.begin(NOW);
        roll.end(NOW.plusSeconds(2));
        assertThat(roll.isOld(NOW.plusSeconds(41))).isFalse();
        assertThat(roll.isOld(NOW.plusSeconds(42))).isTrue();
    }
}
