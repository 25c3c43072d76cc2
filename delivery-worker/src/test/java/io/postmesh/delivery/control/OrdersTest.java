package io.postmesh.delivery.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.contract.Action;
import io.postmesh.contract.Action.Verb;
import io.postmesh.contract.ActionId;
import io.postmesh.contract.Selector;
import io.postmesh.contract.Traits;
import io.postmesh.mail.MailId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The later word wins, each is obeyed once, and a suspension as long as it holds.
class OrdersTest {
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Traits MAIL = new Traits(
            MailId.of(1, 2, 3), Set.of("one.test"), true, false, "one.test", "ann", "sender.test", "rule", "");

    private final Orders orders = new Orders();
    private long offset;

    private Standing says(Verb verb, Selector selector, Duration lasts) {
        var id = new ActionId(MailId.of(NOW.toEpochMilli(), 7, offset).text());
        var action = new Action(id, verb, selector, "a test", "ann", lasts, false, 100, 0);
        return orders.take(offset++, NOW, action).orElseThrow();
    }

    private Standing says(Verb verb) {
        return says(verb, Selector.ALL, HOUR);
    }

    private static Selector domain(String name) {
        return new Selector(
                false, Optional.of(name), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    private Order on(long heeded, Instant when) {
        return orders.on(MAIL, heeded, when);
    }

    @Test
    void whereNothingIsSaidMailGoes() {
        assertThat(on(0, NOW)).isEqualTo(new Order.Go(0, Optional.empty()));
        says(Verb.HOLD, domain("another.test"), HOUR);
        assertThat(on(0, NOW)).isEqualTo(new Order.Go(0, Optional.empty()));
    }

    @Test
    void aSuspensionHoldsUntilItsTimeIsOverHoweverOftenItIsAsked() {
        says(Verb.SUSPEND);
        assertThat(on(0, NOW)).isEqualTo(new Order.Wait(NOW.plus(HOUR), 0));
        assertThat(on(99, NOW)).isEqualTo(new Order.Wait(NOW.plus(HOUR), 99));
        assertThat(on(0, NOW.plus(HOUR))).isInstanceOf(Order.Go.class);
    }

    @Test
    void whoResumesIsNotSuspendedAgainWhenTheWordIsOldButTheSuspensionIsNot() {
        says(Verb.SUSPEND, Selector.ALL, HOUR.multipliedBy(5));
        says(Verb.RESUME, domain("one.test"), HOUR);
        assertThat(on(0, NOW)).isInstanceOf(Order.Go.class);
        assertThat(orders.expire(NOW.plus(HOUR.multipliedBy(2)))).isEmpty();
        assertThat(on(0, NOW.plus(HOUR.multipliedBy(2)))).isInstanceOf(Order.Go.class);
        assertThat(orders.expire(NOW.plus(HOUR.multipliedBy(5)))).hasSize(2);
    }

    @Test
    void aLaterSuspensionCountsAfterAResume() {
        says(Verb.SUSPEND);
        says(Verb.RESUME);
        says(Verb.SUSPEND, Selector.ALL, HOUR.multipliedBy(3));
        assertThat(on(0, NOW)).isEqualTo(new Order.Wait(NOW.plus(HOUR.multipliedBy(3)), 0));
    }

    @Test
    void ofTwoSuspensionsTheOneThatLastsLongerCounts() {
        says(Verb.SUSPEND, Selector.ALL, HOUR.multipliedBy(2));
        says(Verb.SUSPEND, domain("one.test"), HOUR);
        assertThat(on(0, NOW)).isEqualTo(new Order.Wait(NOW.plus(HOUR.multipliedBy(2)), 0));
        says(Verb.SUSPEND, domain("one.test"), HOUR.multipliedBy(3));
        assertThat(on(0, NOW)).isEqualTo(new Order.Wait(NOW.plus(HOUR.multipliedBy(3)), 0));
    }

    @Test
    void whatWasReleasedStaysReleasedWhenItIsFlushedAsWell() {
        says(Verb.HOLD);
        var release = says(Verb.RELEASE);
        says(Verb.FLUSH);
        assertThat(on(1, NOW)).isEqualTo(new Order.Go(3, Optional.of(release)));
        assertThat(((Order.Go) on(1, NOW)).isReleased()).isTrue();
    }

    @Test
    void aHoldAfterAReleaseHoldsAgainAndTheNextReleaseIsTheOneThatCounts() {
        says(Verb.RELEASE);
        var hold = says(Verb.HOLD);
        assertThat(on(0, NOW)).isEqualTo(new Order.Hold(hold, 2));
        var release = says(Verb.RELEASE);
        assertThat(on(0, NOW)).isEqualTo(new Order.Go(3, Optional.of(release)));
    }

    @Test
    void whatSelectsAMailIsNamedWhileItIsValidWhetherTheMailHasHeededItOrNot() {
        var hold = says(Verb.HOLD);
        says(Verb.HOLD, domain("another.test"), HOUR);
        assertThat(orders.matching(MAIL, NOW)).containsExactly(hold.action().id());
        assertThat(orders.matching(MAIL, NOW.plus(HOUR))).isEmpty();
    }

    @Test
    void inWhateverOrderTheyAreReadTheyStandInTheOrderTheyWereSaid() {
        offset = 5;
        says(Verb.SUSPEND);
        offset = 3;
        says(Verb.RESUME);
        assertThat(orders.standing()).extracting(Standing::offset).containsExactly(3L, 5L);
        assertThat(on(0, NOW)).isInstanceOf(Order.Wait.class);
    }

    @Test
    void aHoldAppliesOnceAndAReleaseEndsIt() {
        var hold = says(Verb.HOLD);
        assertThat(on(0, NOW)).isEqualTo(new Order.Hold(hold, 1));
        assertThat(on(1, NOW)).isEqualTo(new Order.Go(1, Optional.empty()));
        var release = says(Verb.RELEASE);
        assertThat(on(1, NOW)).isEqualTo(new Order.Go(2, Optional.of(release)));
        assertThat(on(0, NOW)).isEqualTo(new Order.Go(2, Optional.of(release))); // it arrives when both are said
        assertThat(on(2, NOW)).isEqualTo(new Order.Go(2, Optional.empty()));
    }

    @Test
    void aFlushDoesNotReleaseAndDoesNotEndASuspension() {
        says(Verb.SUSPEND);
        says(Verb.FLUSH);
        assertThat(on(0, NOW)).isInstanceOf(Order.Wait.class);
        var hold = says(Verb.HOLD);
        says(Verb.FLUSH);
        assertThat(on(0, NOW)).isEqualTo(new Order.Hold(hold, 4));
    }

    @Test
    void anEndIsAnEndWhateverComesAfter() {
        says(Verb.HOLD);
        var cancel = says(Verb.CANCEL);
        says(Verb.RELEASE);
        assertThat(on(0, NOW)).isEqualTo(new Order.End(cancel));
        assertThat(on(2, NOW)).isInstanceOf(Order.Go.class); // a repeat of what was ended is another matter
    }

    // Else a bounce of all would end the reports it has just written, and no sender would be told.
    @Test
    void aBounceLeavesReportsAloneUnlessItNamesThem() {
        var report = new Traits(MailId.of(1, 2, 4), Set.of("sender.test"), true, false, "sender.test", "", "", "", "");
        says(Verb.BOUNCE);
        says(Verb.BOUNCE, domain("sender.test"), HOUR);
        assertThat(on(0, NOW)).isInstanceOf(Order.End.class);
        assertThat(orders.on(report, 0, NOW)).isInstanceOf(Order.Go.class);
        assertThat(orders.matching(report, NOW)).isEmpty();
        says(Verb.BOUNCE, id(report.id()), HOUR);
        assertThat(orders.on(report, 2, NOW)).isInstanceOf(Order.End.class);
        says(Verb.BOUNCE, reports(), HOUR);
        assertThat(orders.on(report, 3, NOW)).isInstanceOf(Order.End.class);
        says(Verb.CANCEL);
        assertThat(orders.on(report, 4, NOW)).isInstanceOf(Order.End.class);
    }

    private static Selector id(MailId id) {
        return new Selector(
                false, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(id));
    }

    private static Selector reports() {
        var nobody = Optional.<Selector.Sender>of(new Selector.Sender.Nobody());
        return new Selector(false, Optional.empty(), nobody, Optional.empty(), Optional.empty(), Optional.empty());
    }

    @Test
    void whatIsTakenBackIsForgotten() {
        var hold = says(Verb.HOLD);
        orders.end(hold.action().id());
        assertThat(on(0, NOW)).isInstanceOf(Order.Go.class);
        assertThat(orders.standing()).isEmpty();
    }

    @Test
    void noMoreAreRememberedThanEachMailCanBeHeldAgainstAndTheOldOnesAreForgotten() {
        for (int i = 0; i < Orders.MOST; i++) says(Verb.HOLD, domain("d" + i + ".test"), HOUR);
        var one = orders.standing().getFirst().action();
        assertThat(orders.take(99_999, NOW, one)).isEmpty();
        assertThat(orders.expire(NOW.plus(HOUR))).hasSize(Orders.MOST);
        assertThat(orders.standing()).isEmpty();
        assertThat(orders.take(99_999, NOW, one)).isPresent();
    }

    @Test
    void readTwiceItStandsOnce() {
        var hold = says(Verb.HOLD);
        orders.take(hold.offset(), NOW, hold.action());
        assertThat(orders.standing()).containsExactly(hold);
    }

    /// A list of a thousand mails names them for each: with a thousand that would be no record any more.
    @Test
    void ofTheActionsThatSelectAMailTheLastOnesAreNamed() {
        for (int i = 0; i < 100; i++) says(Verb.HOLD);
        var last = says(Verb.RELEASE);
        var named = orders.matching(MAIL, NOW);
        assertThat(named).hasSize(Orders.MOST_NAMED).endsWith(last.action().id());
    }
}
