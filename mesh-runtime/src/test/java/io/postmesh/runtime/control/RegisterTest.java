package io.postmesh.runtime.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.contract.Action;
import io.postmesh.contract.Action.Verb;
import io.postmesh.contract.Selector;
import io.postmesh.contract.Selector.Sender;
import io.postmesh.contract.Traits;
import io.postmesh.mail.MailId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RegisterTest {
    private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");

    private final Register register = new Register();

    private static Selector domain(String name) {
        return new Selector(
                false, Optional.of(name), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static Selector sender(String text) {
        return new Selector(
                false,
                Optional.empty(),
                Optional.of(Sender.parse(text)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private Action say(int minute, Verb verb, Selector selector, Duration lasts) {
        var action = new Action(Commander.newId(), verb, selector, "a test", "ann", lasts, false, 1, 0);
        register.take(action, at(minute));
        return action;
    }

    private Action say(int minute, Verb verb, Selector selector) {
        return say(minute, verb, selector, Duration.ofHours(1));
    }

    private static Instant at(int minute) {
        return NOON.plus(Duration.ofMinutes(minute));
    }

    private InForce found(Action action, int minute) {
        return register.at(at(minute)).stream()
                .filter(one -> one.action().equals(action))
                .findFirst()
                .orElseThrow();
    }

    private boolean suspends(String to, int minute) {
        var mail = new Traits(
                MailId.parse(Commander.newId().text()).orElseThrow(),
                Set.of(to),
                true,
                false,
                to,
                "ann",
                "demo.test",
                "",
                "");
        return register.suspends(mail, at(minute));
    }

    @Test
    void aLaterResumeOfAllItsMailEndsASuspension() {
        var suspended = say(0, Verb.SUSPEND, domain("one.test"));
        assertThat(found(suspended, 1).hasEffect()).isTrue();
        assertThat(suspends("one.test", 1)).isTrue();
        assertThat(suspends("two.test", 1)).isFalse();
        var resumed = say(2, Verb.RESUME, Selector.ALL);
        assertThat(found(suspended, 3).overrule()).contains(resumed);
        assertThat(found(resumed, 3).hasEffect()).isTrue();
        assertThat(suspends("one.test", 3)).isFalse();
    }

    @Test
    void aResumeIsRememberedAsLongAsWhatItEnds() {
        var suspended = say(0, Verb.SUSPEND, domain("one.test"), Duration.ofHours(4));
        var resumed = say(2, Verb.RESUME, domain("one.test"), Duration.ofMinutes(10));
        assertThat(found(suspended, 100).overrule()).contains(resumed);
        assertThat(found(resumed, 100).until()).isEqualTo(at(240));
        assertThat(suspends("one.test", 100)).isFalse();
        register.end(resumed.id()); // taken back: then it was never said
        assertThat(found(suspended, 100).hasEffect()).isTrue();
        assertThat(suspends("one.test", 100)).isTrue();
    }

    @Test
    void ofTwoThatDifferTheLaterWins() {
        var resumed = say(0, Verb.RESUME, domain("one.test"));
        var suspended = say(1, Verb.SUSPEND, domain("one.test"));
        assertThat(found(resumed, 2).overrule()).contains(suspended);
        assertThat(found(suspended, 2).hasEffect()).isTrue();
        assertThat(suspends("one.test", 2)).isTrue();
        assertThat(suspends("one.test", 61)).isFalse();
    }

    @Test
    void aResumeOfSomeOfItsMailIsAnException() {
        var suspended = say(0, Verb.SUSPEND, Selector.ALL);
        var resumed = say(1, Verb.RESUME, domain("one.test"));
        assertThat(found(suspended, 2).hasEffect()).isTrue();
        assertThat(found(suspended, 2).except()).containsExactly(resumed);
        assertThat(suspends("one.test", 2)).isFalse();
        assertThat(suspends("two.test", 2)).isTrue();
        var again = say(3, Verb.SUSPEND, domain("one.test"));
        assertThat(found(resumed, 4).overrule()).contains(again);
        assertThat(found(suspended, 4).except()).isEmpty(); // what lost its effect is no exception any more
    }

    @Test
    void whatIsAboutOtherMailOrSaysNoOppositeChangesNothing() {
        var suspended = say(0, Verb.SUSPEND, domain("one.test"));
        say(1, Verb.RESUME, domain("two.test"));
        say(2, Verb.RELEASE, Selector.ALL);
        say(3, Verb.FLUSH, Selector.ALL);
        assertThat(found(suspended, 4)).satisfies(one -> {
            assertThat(one.hasEffect()).isTrue();
            assertThat(one.except()).isEmpty();
        });
    }

    @Test
    void aDomainsSendersAreAllOfItsAddresses() {
        var held = say(0, Verb.HOLD, sender("ann@demo.test"));
        var released = say(1, Verb.RELEASE, sender("demo.test"));
        assertThat(found(held, 2).overrule()).contains(released);
        var all = say(3, Verb.HOLD, sender("demo.test"));
        var some = say(4, Verb.RELEASE, sender("ann@demo.test"));
        assertThat(found(all, 5).except()).containsExactly(some);
    }
}
