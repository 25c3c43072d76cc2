package io.postmesh.delivery.waiting;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.contract.Reason;
import io.postmesh.contract.RecordId;
import io.postmesh.contract.Waiting;
import io.postmesh.mail.MailId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WaitingRoomTest {
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

    @TempDir
    private Path folder;

    private final WaitingRoom room = WaitingRoom.onHeap();

    @Test
    void theyAreCalledInOrderOfTheirTimeAndNotBeforeIt() {
        room.put(state("late", Optional.of(NOW.plusSeconds(1))));
        room.put(state("second", Optional.of(NOW)));
        room.put(state("first", Optional.of(NOW.minusSeconds(9))));
        assertThat(called(NOW, 10)).containsExactly("first", "second");
        assertThat(called(NOW.plusSeconds(1), 10)).containsExactly("late");
    }

    @Test
    void whoWasCalledKeepsTheSeatAndIsNotCalledAgainUnasked() {
        room.put(state("a", Optional.of(NOW)));
        assertThat(called(NOW, 10)).containsExactly("a");
        assertThat(called(NOW, 10)).isEmpty();
        assertThat(room.has(new RecordId("a"))).isTrue();
        room.callAgain(new RecordId("a"), NOW.plusSeconds(5));
        assertThat(called(NOW.plusSeconds(4), 10)).isEmpty();
        assertThat(called(NOW.plusSeconds(5), 10)).containsExactly("a");
    }

    @Test
    void whoIsHeldIsNeverCalled() {
        room.put(state("held", Optional.empty()));
        assertThat(called(Instant.MAX, 10)).isEmpty();
        assertThat(room.size()).isEqualTo(1);
    }

    @Test
    void aNewStateTakesThePlaceOfTheOld() {
        room.put(state("a", Optional.of(NOW)));
        room.put(state("a", Optional.of(NOW.plusSeconds(60))));
        assertThat(called(NOW, 10)).isEmpty();
        assertThat(room.size()).isEqualTo(1);
    }

    // Once somebody was called, the next turns are known without the index.
    @Test
    void anotherTimeAndAnotherStateCountForThoseWhoAreNextAsWell() {
        room.put(state("now", Optional.of(NOW)));
        for (var name : List.of("put", "moved", "left")) room.put(state(name, Optional.of(NOW.plusSeconds(1))));
        assertThat(called(NOW, 10)).containsExactly("now");
        room.put(state("put", Optional.of(NOW.plusSeconds(60))));
        room.callAgain(new RecordId("moved"), NOW.plusSeconds(61));
        room.leave(new RecordId("left"));
        assertThat(called(NOW.plusSeconds(2), 10)).isEmpty();
        assertThat(called(NOW.plusSeconds(99), 10)).containsExactly("put", "moved");
        assertThat(called(NOW.plusSeconds(99), 10)).isEmpty();
    }

    @Test
    void whoLeftIsForgotten() {
        room.put(state("a", Optional.of(NOW)));
        room.leave(new RecordId("a"));
        assertThat(called(NOW, 10)).isEmpty();
        assertThat(room.size()).isZero();
        room.callAgain(new RecordId("a"), NOW);
        assertThat(called(NOW, 10)).isEmpty();
    }

    @Test
    void noMoreAreCalledThanThereIsRoomFor() {
        for (int i = 0; i < 10; i++) room.put(state("r" + i, Optional.of(NOW)));
        assertThat(called(NOW, 4)).hasSize(4);
        assertThat(called(NOW, 10)).hasSize(6);
    }

    @Test
    void allWhoWaitAreSeenStretchByStretchHoweverManyComeAndLeaveMeanwhile() {
        for (var name : List.of("c", "a", "e", "b", "d")) room.put(state(name, Optional.of(NOW)));
        assertThat(names(room.after(Optional.empty(), 2))).containsExactly("a", "b");
        room.leave(new RecordId("b"));
        room.put(state("bb", Optional.empty()));
        assertThat(names(room.after(Optional.of(new RecordId("b")), 2))).containsExactly("bb", "c");
        assertThat(names(room.after(Optional.of(new RecordId("c")), 9))).containsExactly("d", "e");
        assertThat(room.after(Optional.of(new RecordId("e")), 9)).isEmpty();
    }

    private static List<String> names(List<Waiting> some) {
        return some.stream().map(w -> w.record().text()).toList();
    }

    private static Index disk(Indexes indexes, Waiting... states) {
        var index = indexes.empty(0).index();
        for (var state : states) index.apply(Map.of(state.record(), new Change.Waits(state)));
        return index;
    }

    private static WaitingRoom.Care care(Indexes indexes) {
        return new WaitingRoom.Care() {
            @Override
            public void keep(Index index) {
                indexes.close(index);
            }

            @Override
            public void lost(Index index) {
                indexes.failed(index);
            }

            @Override
            public Instant now() {
                return NOW;
            }
        };
    }

    @Test
    void whoCameLatelyIsCalledBeforeEverybodyIsKnownAndNobodyIsSaidToBeAbsent() {
        try (var indexes = Indexes.open(folder)) {
            var lately = new HeapIndex();
            var room = WaitingRoom.unfinished(lately, NOW, care(indexes));
            room.put(state("new", Optional.of(NOW)));
            assertThat(room.call(NOW, 9)).extracting(w -> w.record().text()).containsExactly("new");
            assertThat(room.seat(new RecordId("old"))).isEqualTo(new WaitingRoom.Seat.Unknown());
            assertThat(room.knows(NOW.plusSeconds(11))).isTrue();
            assertThat(room.knows(NOW.plusSeconds(10))).isFalse();
            room.put(state("left", Optional.of(NOW)));
            room.leave(new RecordId("left"));
            // What was read meanwhile knows neither what came since nor what left.
            var old = state("old", Optional.of(NOW.minusSeconds(9)));
            room.complete(disk(indexes, old, state("left", Optional.of(NOW))));
            assertThat(room.isWhole()).isTrue();
            assertThat(names(room.call(NOW, 9))).contains("old"); // though later ones were called before
            assertThat(room.after(Optional.empty(), 9))
                    .extracting(w -> w.record().text())
                    .containsExactly("new", "old");
            assertThat(room.seat(new RecordId("left"))).isEqualTo(new WaitingRoom.Seat.Free());
            room.close();
        }
    }

    @Test
    void anIndexThatFailsIsLostAndTheRoomGoesOnWithWhatHappensSince() {
        try (var indexes = Indexes.open(folder)) {
            var index = disk(indexes, state("old", Optional.of(NOW)));
            var room = WaitingRoom.whole(index, care(indexes));
            index.close(); // it fails from now on
            room.put(state("new", Optional.of(NOW)));
            assertThat(room.isWhole()).isFalse();
            assertThat(room.has(new RecordId("new"))).isTrue();
            assertThat(room.seat(new RecordId("old"))).isEqualTo(new WaitingRoom.Seat.Unknown());
            assertThat(room.knows(NOW)).isFalse();
            assertThat(room.knows(NOW.plusSeconds(11))).isTrue();
            room.complete(disk(indexes, state("old", Optional.of(NOW))));
            assertThat(room.after(Optional.empty(), 9))
                    .extracting(w -> w.record().text())
                    .containsExactly("new", "old");
            room.close();
            assertThat(room.seat(new RecordId("old"))).isEqualTo(new WaitingRoom.Seat.Unknown());
        }
    }

    // A body is forgotten only when surely no state names it.
    @Test
    void inARoomThatIsNotWholeAnyStateMayBeUnreadable() {
        var record = new RecordId("a");
        assertThat(room.mayBeUnreadable(record)).isFalse();
        var unfinished = WaitingRoom.unfinished(new HeapIndex(), NOW, new WaitingRoom.Care() {
            @Override
            public void keep(Index index) {}

            @Override
            public void lost(Index index) {}

            @Override
            public Instant now() {
                return NOW;
            }
        });
        assertThat(unfinished.mayBeUnreadable(record)).isTrue();
        unfinished.complete(new HeapIndex());
        assertThat(unfinished.mayBeUnreadable(record)).isFalse();
    }

    @Test
    void manyTurnsAreCalledInOrderThoughFewAreHeld() {
        for (int i = 0; i < 9_000; i++) room.put(state("r" + i, Optional.of(NOW.plusMillis(i * 7919L % 9_000))));
        assertThat(room.call(NOW, 1)).hasSize(1);
        for (int i = 0; i < 5_000; i++) room.put(state("s" + i, Optional.of(NOW.plusMillis(i))));
        var called = room.call(NOW.plusSeconds(10), 20_000);
        assertThat(called)
                .hasSize(13_999)
                .isSortedAccordingTo(Comparator.comparing(w -> w.due().orElseThrow()));
        assertThat(new HashSet<>(called)).hasSize(13_999);
    }

    private List<String> called(Instant now, int most) {
        return room.call(now, most).stream().map(w -> w.record().text()).toList();
    }

    private static Waiting state(String record, Optional<Instant> due) {
        return new Waiting(
                new RecordId(record),
                MailId.of(1, 2, 3),
                List.of(0),
                due,
                1,
                Optional.empty(),
                Reason.PUT_OFF,
                0,
                "one.test",
                "sender.test",
                NOW);
    }
}
