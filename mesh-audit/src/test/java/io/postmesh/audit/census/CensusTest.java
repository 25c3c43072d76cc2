package io.postmesh.audit.census;

import static io.postmesh.audit.census.Papers.id;
import static io.postmesh.audit.census.Papers.line;
import static io.postmesh.audit.census.Papers.mail;
import static io.postmesh.audit.census.Papers.state;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postmesh.contract.Outcome.Kind;
import io.postmesh.contract.Reason;
import io.postmesh.contract.RecordId;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CensusTest {
    private final Census census = new Census(1_000_000);

    @Test
    void whoIsFoundNowhereIsMissingByName() throws Exception {
        census.accepted(mail(id(1), 3));
        census.outcome(line(id(1), Kind.DELIVERED, Reason.DELIVERED, 0), 1);
        census.waits(state(id(1), Optional.of(Instant.EPOCH), 2), false);
        assertThat(census.missing()).isEqualTo(1);
        assertThat(census.missing(10)).containsExactly(new Missing(id(1), 1));
    }

    @Test
    void aNoteOrADeferralIsNoPlace() throws Exception {
        census.accepted(mail(id(1), 1));
        census.outcome(line(id(1), Kind.ATTEMPTED, Reason.INTERNAL, 0), 1);
        census.outcome(line(id(1), Kind.DEFERRED, Reason.PUT_OFF, 0), 1);
        census.outcome(line(id(1), Kind.DROPPED_DUPLICATE, Reason.DUPLICATE, 0), 1);
        assertThat(census.missing(10)).containsExactly(new Missing(id(1), 0));
        assertThat(census.tally().dropped()).isEqualTo(1);
    }

    @Test
    void placesAndTheMissingAddUpToWhoWasAcceptedHoweverOftenTheyAreFound() throws Exception {
        for (int n = 0; n < 10; n++) census.accepted(mail(id(n), 2));
        census.accepted(mail(id(3), 2)); // a report written twice is one mail (L4)
        census.found(mail(id(0), 2), Place.TO_JUDGE);
        census.found(mail(id(1), 2), Place.TO_SIGN);
        census.found(mail(id(1), 2), Place.TO_DELIVER);
        census.discarded(mail(id(2), 2), "hop-count");
        census.discarded(mail(id(2), 2), "hop-count");
        census.found(mail(id(3), 2), Place.QUARANTINED);
        census.waits(state(id(4), Optional.empty(), 0, 1), false);
        census.waits(state(id(5), Optional.of(Instant.EPOCH), 0, 1), false);
        census.outcome(line(id(5), Kind.FAILED, Reason.REFUSED, 0), 1);
        census.outcome(line(id(6), Kind.FAILED, Reason.POLICY, 0, 1), 0);
        census.outcome(line(id(7), Kind.DELIVERED, Reason.DELIVERED, 0, 1), 1);
        census.outcome(line(id(8), Kind.CANCELLED, Reason.CANCELLED, 0), 1);
        census.waits(state(id(9), Optional.of(Instant.EPOCH), 0), true);
        var tally = census.tally();
        assertThat(tally.mails()).isEqualTo(10);
        assertThat(tally.recipients()).isEqualTo(20);
        assertThat(Arrays.stream(Place.values()).map(tally::found))
                .containsExactly(2L, 3L, 1L, 1L, 1L, 2L, 2L, 2L, 2L, 0L, 2L);
        assertThat(tally.refused()).isEqualTo(2);
        assertThat(tally.rules()).containsExactly(java.util.Map.entry("hop-count", 2L));
        assertThat(tally.missing()).isEqualTo(2);
        assertThat(tally.found().values().stream().mapToLong(n -> n).sum() + tally.missing())
                .isEqualTo(tally.recipients());
    }

    @Test
    void anAttemptTakenUpByALaterOwnerWasInDoubtAndOneOfTheSameOwnerWasNot() throws Exception {
        for (int n = 1; n <= 3; n++) census.accepted(mail(id(n), 1));
        census.outcome(line(id(1), Kind.ATTEMPTED, Reason.INTERNAL, 0), 4);
        census.outcome(line(id(1), Kind.ATTEMPTED, Reason.INTERNAL, 0), 5);
        census.outcome(line(id(1), Kind.DELIVERED, Reason.DELIVERED, 0), 5);
        census.outcome(line(id(2), Kind.ATTEMPTED, Reason.INTERNAL, 0), 4);
        census.outcome(line(id(2), Kind.ATTEMPTED, Reason.INTERNAL, 0), 4);
        census.outcome(line(id(2), Kind.DEFERRED, Reason.PUT_OFF, 0), 4);
        census.outcome(line(id(2), Kind.ATTEMPTED, Reason.INTERNAL, 0), 5);
        census.outcome(line(id(3), Kind.ATTEMPTED, Reason.INTERNAL, 0), 4);
        assertThat(census.tally().inDoubt()).isEqualTo(1);
    }

    @Test
    void twoDeliveriesAreCounted() throws Exception {
        census.accepted(mail(id(1), 2));
        census.outcome(line(id(1), Kind.DELIVERED, Reason.DELIVERED, 0, 1), 1);
        census.outcome(line(id(1), Kind.DELIVERED, Reason.DELIVERED, 1), 1);
        assertThat(census.tally().twice()).isEqualTo(1);
    }

    @Test
    void whoWasNotAcceptedInTheWindowIsNobodysBusiness() throws Exception {
        census.accepted(mail(id(1), 1));
        census.found(mail(id(2), 1), Place.TO_JUDGE);
        census.outcome(line(id(2), Kind.DELIVERED, Reason.DELIVERED, 0), 1);
        census.discarded(mail(id(2), 1), "hop-count");
        assertThat(census.tally().recipients()).isEqualTo(1);
        assertThat(census.tally().rules()).isEmpty();
        assertThat(census.knows(id(2), java.util.List.of(0))).isFalse();
    }

    @Test
    void moreThanThereIsMemoryForIsSaidAndNotGuessed() throws Exception {
        var small = new Census(3);
        small.accepted(mail(id(1), 2));
        assertThatThrownBy(() -> small.accepted(mail(id(2), 2))).isInstanceOf(TooMany.class);
    }

    @Test
    void theListOfTheMissingIsBoundedAndInOrder() throws Exception {
        for (int n = 999; n >= 0; n--) census.accepted(mail(id(n), 1));
        assertThat(census.missing(3))
                .containsExactly(new Missing(id(0), 0), new Missing(id(1), 0), new Missing(id(2), 0));
        var sheet = new Sheet(Instant.EPOCH, Instant.EPOCH, census.tally(), census.missing(3), 0, 0);
        assertThat(sheet.lines()).endsWith("missing: " + id(2) + " recipient 0", "missing: and 997 more");
    }

    @Test
    void everyIdAndPositionComesBackAsItWent() {
        var random = new Random(4);
        for (int n = 0; n < 10_000; n++) {
            var id = io.postmesh.mail.MailId.of(random.nextLong() >>> 16, random.nextLong(), random.nextLong());
            int position = random.nextInt(10_000);
            assertThat(Who.of(id, position).mail(position)).isEqualTo(id);
        }
    }

    @Test
    void aStateCountsOnlyAsLongAsNoneFollowsIt() {
        var last = new LastStates();
        var record = RecordId.of(id(1), new int[] {0});
        last.state(record, 0);
        assertThat(last.isLast(record, 0)).isTrue();
        last.state(record, 7);
        assertThat(last.isLast(record, 0)).isFalse();
        assertThat(last.isLast(record, 7)).isTrue();
        last.gone(record);
        assertThat(last.isLast(record, 7)).isFalse();
        var another = RecordId.of(id(2), new int[] {0});
        last.gone(another); // of another window
        assertThat(last.isLast(another, 0)).isFalse();
    }

    @Test
    void theTableGrowsAndForgetsNobody() throws Exception {
        for (int n = 0; n < 100_000; n++) census.accepted(mail(id(n), 1));
        for (int n = 0; n < 100_000; n += 2) census.found(mail(id(n), 1), Place.TO_SIGN);
        assertThat(census.tally().found(Place.TO_SIGN)).isEqualTo(50_000);
        assertThat(census.missing()).isEqualTo(50_000);
        assertThat(census.missing(1)).containsExactly(new Missing(id(1), 0));
    }
}
