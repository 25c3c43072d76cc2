package io.postmesh.delivery.owner;

import static io.postmesh.delivery.owner.Wanted.HOUR;
import static io.postmesh.delivery.owner.Wanted.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.contract.Action.Verb;
import io.postmesh.contract.Answer;
import io.postmesh.contract.Reason;
import io.postmesh.contract.Waiting;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class UndertakingTest {
    private static Undertaking of(Verb verb, int rate, int partitions) {
        return new Undertaking(Optional.of(Wanted.standing(verb, rate)), partitions);
    }

    private static Waiting suspended(boolean due) {
        var at = due ? NOW : NOW.plusMillis(1);
        return Wanted.waiting("a", "one.test", Optional.of(at), Reason.SUSPENDED, 0, Optional.empty(), NOW);
    }

    @Test
    void whatItMeetsIsCountedOnceAndByItsPlace() {
        var errand = of(Verb.CANCEL, 1, 1);
        errand.inHand(Wanted.letter(3), false);
        errand.inHand(Wanted.letter(2), true);
        errand.waits(Wanted.waiting("a", "one.test", Optional.of(NOW)), false);
        errand.done();
        var count = errand.count();
        assertThat(count.mails()).isEqualTo(3);
        assertThat(count.recipients()).isEqualTo(7);
        assertThat(count.inHand()).isEqualTo(1);
        assertThat(count.tooLate()).isEqualTo(1);
        assertThat(count.done()).isEqualTo(1);
        assertThat(count.oldest()).contains(NOW); // the letters are of today
        assertThat(of(Verb.CANCEL, 1, 1).count()).isEqualTo(Answer.Count.NOTHING);
    }

    @Test
    void whatStaysWhereItIsIsDoneForThoseOnlyWhoWantedIt() {
        for (var verb : Verb.values()) {
            var errand = of(verb, 1, 1);
            errand.stays();
            boolean wanted = verb == Verb.SUSPEND || verb == Verb.HOLD;
            assertThat(errand.count().done()).as(verb.name()).isEqualTo(wanted ? 1 : 0);
        }
    }

    // LEDGER L5: this partition has its part of the rate, however many there are.
    @Test
    void oneAfterTheOtherGetsItsTurnAtTheRateOfTheWholeMesh() {
        var errand = of(Verb.FLUSH, 100, 4);
        assertThat(errand.next(NOW, Optional.empty())).isEqualTo(NOW);
        assertThat(errand.next(NOW, Optional.empty())).isEqualTo(NOW.plusMillis(40));
        assertThat(errand.next(NOW, Optional.empty())).isEqualTo(NOW.plusMillis(80));
        var afterwards = new Undertaking(Optional.empty(), 10); // nobody asks: the rate of who called it, or ours
        assertThat(afterwards.next(NOW, Optional.empty())).isEqualTo(NOW);
        assertThat(afterwards.next(NOW, Optional.empty())).isEqualTo(NOW.plusMillis(20));
        assertThat(afterwards.next(NOW, Optional.of(Wanted.standing(Verb.FLUSH, 10))))
                .isEqualTo(NOW.plusMillis(2_000));
    }

    @Test
    void whoIsSuspendedNoMoreIsToldSo() {
        var resume = of(Verb.RESUME, 1, 1);
        var nobody = new Undertaking(Optional.empty(), 1);
        assertThat(resume.resumes(suspended(false), NOW)).isTrue();
        assertThat(nobody.resumes(suspended(false), NOW)).isTrue();
        assertThat(resume.resumes(suspended(true), NOW)).isTrue();
        assertThat(nobody.resumes(suspended(true), NOW)).isFalse(); // it has been called by its time

        // It waited before it was suspended: its state knows nothing of it.
        var before = Wanted.waiting("a", "one.test", Optional.of(NOW));
        assertThat(resume.resumes(before, NOW)).isTrue();
        assertThat(nobody.resumes(before, NOW)).isFalse();
        assertThat(of(Verb.FLUSH, 1, 1).resumes(before, NOW)).isFalse();
        assertThat(resume.resumes(Wanted.waiting("a", "one.test", Optional.of(NOW.plus(HOUR))), NOW))
                .isFalse();
        assertThat(resume.resumes(Wanted.waiting("a", "one.test", Optional.empty()), NOW))
                .isFalse();
    }

    @Test
    void itIsOverWhenAllThatWasBegunIsWrittenAndNobodyIsLeftWithoutAWordForLong() throws Exception {
        var errand = of(Verb.HOLD, 1, 1);
        errand.begun();
        errand.begun();
        var told = new CompletableFuture<Void>();
        var over = CompletableFuture.runAsync(() -> {
            try {
                errand.awaitAll(() -> told.complete(null));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        errand.ended();
        assertThat(told).succeedsWithin(20, TimeUnit.SECONDS);
        assertThat(over).isNotDone();
        errand.ended();
        assertThat(over).succeedsWithin(20, TimeUnit.SECONDS);
    }
}
