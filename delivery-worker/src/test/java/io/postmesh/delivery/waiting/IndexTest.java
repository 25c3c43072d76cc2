package io.postmesh.delivery.waiting;

import static io.postmesh.delivery.waiting.States.NOW;
import static io.postmesh.delivery.waiting.States.state;
import static io.postmesh.delivery.waiting.States.who;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postmesh.contract.Reason;
import io.postmesh.contract.RecordId;
import io.postmesh.contract.Waiting;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Both kinds of index answer the same.
class IndexTest {
    private static final Indexes.Rule RULE = new Indexes.Rule("topic", Duration.ofHours(24), NOW);

    @TempDir
    private Path folder;

    private final List<AutoCloseable> open = new ArrayList<>();

    private enum Kind {
        HEAP,
        DISK
    }

    private Index index(Kind kind) {
        return switch (kind) {
            case HEAP -> new HeapIndex();
            case DISK -> indexes().find(0, RULE).index();
        };
    }

    private Indexes indexes() {
        var indexes = Indexes.open(folder);
        open.add(indexes);
        return indexes;
    }

    @AfterEach
    void close() throws Exception {
        for (var one : open) one.close();
    }

    private static void put(Index index, Waiting... states) {
        for (var state : states) index.apply(Map.of(state.record(), new Change.Waits(state)));
    }

    private static void leave(Index index, String record) {
        index.apply(Map.of(new RecordId(record), new Change.Left()));
    }

    private static List<String> names(Stream<RecordId> records) {
        return records.map(RecordId::text).toList();
    }

    private static List<String> turns(Index index) {
        return names(index.turns(Optional.empty(), 100).stream().map(Turn::record));
    }

    @ParameterizedTest
    @EnumSource
    void whoWaitsIsFoundByRecordByRecipientAndByTime(Kind kind) {
        try (var index = index(kind)) {
            var late = state("a", Optional.of(NOW.plusSeconds(2)), 0, 3);
            put(index, late, state("b", Optional.of(NOW), 0), state("held", Optional.empty(), 0));
            assertThat(index.size()).isEqualTo(3);
            assertThat(index.get(new RecordId("a"))).contains(late);
            assertThat(index.recordOf(who("a", 3))).contains(new RecordId("a"));
            assertThat(index.recordOf(who("a", 1))).isEmpty();
            assertThat(turns(index)).containsExactly("b", "a");
            assertThat(names(index.after(Optional.empty(), 2).stream().map(Waiting::record)))
                    .containsExactly("a", "b");
            assertThat(names(index.after(Optional.of(new RecordId("b")), 2).stream()
                            .map(Waiting::record)))
                    .containsExactly("held");
            assertThat(index.recordsOf(who("a", 3)::equals)).containsExactly(new RecordId("a"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aNewStateAndATombstoneLeaveNothingOfTheOldOne(Kind kind) {
        try (var index = index(kind)) {
            put(index, state("a", Optional.of(NOW), 0, 1));
            put(index, state("a", Optional.of(NOW.plusSeconds(9)), 1));
            assertThat(index.size()).isEqualTo(1);
            assertThat(index.recordOf(who("a", 0))).isEmpty();
            assertThat(index.turns(Optional.empty(), 9))
                    .containsExactly(Turn.of(NOW.plusSeconds(9), new RecordId("a")));
            leave(index, "a");
            assertThat(index.size()).isZero();
            assertThat(index.get(new RecordId("a"))).isEmpty();
            assertThat(index.recordOf(who("a", 1))).isEmpty();
            assertThat(turns(index)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoWaitsInAnotherRecordByNowStaysThereWhenTheFirstOneLeaves(Kind kind) {
        try (var index = index(kind)) {
            var first = state("a", Optional.of(NOW), 0, 1);
            put(index, first);
            var second = new Waiting(
                    new RecordId("b"),
                    first.id(),
                    List.of(1),
                    Optional.of(NOW),
                    1,
                    Optional.empty(),
                    Reason.PUT_OFF,
                    0,
                    "one.test",
                    "sender.test",
                    NOW);
            put(index, second);
            leave(index, "a");
            assertThat(index.recordOf(who("a", 0))).isEmpty();
            assertThat(index.recordOf(who("a", 1))).contains(new RecordId("b"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void anotherTurnIsNoOtherState(Kind kind) {
        try (var index = index(kind)) {
            var held = state("held", Optional.empty(), 0);
            put(index, held, state("a", Optional.of(NOW), 0));
            assertThat(index.move(new RecordId("nobody"), NOW)).isEmpty();
            assertThat(index.move(new RecordId("a"), NOW.plusSeconds(5))).contains(Turn.of(NOW, new RecordId("a")));
            assertThat(index.move(new RecordId("held"), NOW.plusSeconds(1))).isPresent();
            assertThat(turns(index)).containsExactly("held", "a");
            assertThat(index.get(new RecordId("held"))).contains(held);
            leave(index, "held");
            assertThat(turns(index)).containsExactly("a");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStateThatDoesNotDecodeIsKnownUntilAnotherOneComes(Kind kind) {
        try (var index = index(kind)) {
            put(index, state("a", Optional.of(NOW), 0));
            index.apply(Map.of(new RecordId("a"), new Change.Unreadable()));
            assertThat(index.size()).isZero();
            assertThat(index.isUnreadable(new RecordId("a"))).isTrue();
            assertThat(index.unreadable()).containsExactly(new RecordId("a"));
            put(index, state("a", Optional.of(NOW), 0));
            assertThat(index.unreadable()).isEmpty();
        }
    }

    @Test
    void tenThousandChangesAtRandomLeaveBothTheSame() {
        try (var heap = index(Kind.HEAP);
                var disk = index(Kind.DISK)) {
            var random = new Random(11);
            for (int i = 0; i < 10_000; i++) {
                var name = "r" + random.nextInt(300);
                int dice = random.nextInt(10);
                var due = NOW.plusSeconds(random.nextInt(3600));
                for (var index : List.of(heap, disk)) {
                    if (dice < 6) put(index, state(name, dice == 0 ? Optional.empty() : Optional.of(due), dice, 7));
                    else if (dice < 8) leave(index, name);
                    else index.move(new RecordId(name), due);
                }
            }
            assertThat(disk.size()).isEqualTo(heap.size()).isPositive();
            assertThat(disk.after(Optional.empty(), 1_000)).isEqualTo(heap.after(Optional.empty(), 1_000));
            assertThat(disk.turns(Optional.empty(), 1_000)).isEqualTo(heap.turns(Optional.empty(), 1_000));
            assertThat(disk.recordsOf(_ -> true)).isEqualTo(heap.recordsOf(_ -> true));
        }
    }

    @Test
    void aMarkedIndexIsGoneOnWithAndOneWithoutAMarkIsNot() {
        var indexes = indexes();
        var mark = new Mark("topic", 17, 3, NOW.minusSeconds(60));
        var first = indexes.find(0, RULE);
        assertThat(first.mark()).isEmpty();
        put(first.index(), state("a", Optional.of(NOW), 0));
        indexes.close(first.index());
        var second = indexes.find(0, RULE);
        assertThat(second.mark()).isEmpty();
        assertThat(second.index().size()).isZero();
        put(second.index(), state("b", Optional.of(NOW), 0));
        second.index().mark(mark);
        indexes.close(second.index());
        var third = indexes.find(0, RULE);
        assertThat(third.mark()).contains(mark);
        assertThat(names(third.index().after(Optional.empty(), 9).stream().map(Waiting::record)))
                .containsExactly("b");
        assertThat(third.index().size()).isEqualTo(1);
        indexes.close(third.index());
    }

    // Tombstones it has not seen may be gone (LEDGER L20).
    @Test
    void anIndexWhoseMarkIsTooOldOrOfAnotherTopicIsNotGoneOnWith() {
        var indexes = indexes();
        for (var mark :
                List.of(new Mark("topic", 17, 3, NOW.minus(Duration.ofHours(12))), new Mark("another", 17, 3, NOW))) {
            var old = indexes.find(0, RULE);
            put(old.index(), state("a", Optional.of(NOW), 0));
            old.index().mark(mark);
            indexes.close(old.index());
            var found = indexes.find(0, RULE);
            assertThat(found.mark()).isEmpty();
            assertThat(found.index().size()).isZero();
            indexes.close(found.index());
        }
    }

    @Test
    void anIndexThatIsStillInUseIsLeftAlone() {
        var indexes = indexes();
        var old = indexes.find(0, RULE);
        old.index().mark(new Mark("topic", 17, 3, NOW));
        var young = indexes.find(0, RULE);
        assertThat(young.mark()).isEmpty();
        put(old.index(), state("a", Optional.of(NOW), 0));
        assertThat(young.index().size()).isZero();
        indexes.discard(old.index());
        indexes.close(young.index());
    }

    @Test
    void aMarkIsUsableForHalfTheTimeThatTombstonesAreKeptAndOnTheSameTopic() {
        var retention = Duration.ofHours(24);
        assertThat(mark(NOW).isUsable("topic", retention, NOW)).isTrue();
        assertThat(mark(NOW.minus(Duration.ofHours(12)).plusMillis(1)).isUsable("topic", retention, NOW))
                .isTrue();
        assertThat(mark(NOW.minus(Duration.ofHours(12))).isUsable("topic", retention, NOW))
                .isFalse();
        assertThat(mark(NOW.plusMillis(1)).isUsable("topic", retention, NOW)).isFalse();
        assertThat(mark(NOW).isUsable("another", retention, NOW)).isFalse();
        assertThat(Mark.parse(mark(NOW).bytes())).contains(mark(NOW));
        assertThat(Mark.parse(new byte[] {9, 9})).isEmpty();
    }

    private static Mark mark(Instant at) {
        return new Mark("topic", 5, 2, at);
    }

    @Test
    void aClosedIndexFailsAndDoesNotCrash() {
        var indexes = indexes();
        var index = indexes.find(0, RULE).index();
        indexes.close(index);
        assertThatThrownBy(() -> index.get(new RecordId("a"))).isInstanceOf(IndexFailed.class);
    }
}
