package io.postmesh.delivery.waiting;

import io.postmesh.contract.RecordId;
import io.postmesh.contract.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Everybody who waits on one partition, by due time. Kafka's `mail.waiting` is the truth; this is its index.
///
/// A room that is not whole yet knows who came lately only: the index of all the others is being built beside it, and
/// takes over with [#complete] (LEDGER L17). An index that fails is thrown away, and the room is not whole again
/// (L20): until another one is built it knows only what happened since. So "nobody is there" means it only in a whole
/// room.
///
/// Not safe for threads: its owner's lock guards it.
public final class WaitingRoom {
    private static final Logger log = LoggerFactory.getLogger(WaitingRoom.class);

    /// What the room says of a seat.
    public sealed interface Seat {
        record Taken(Waiting state) implements Seat {}

        record Free() implements Seat {}

        /// Somebody may sit there: the room is not whole.
        record Unknown() implements Seat {}
    }

    /// What becomes of indexes, and what time it is.
    public interface Care {
        /// Nobody needs it here any more; the next one may.
        void keep(Index index);

        void lost(Index index);

        Instant now();
    }

    /// What was accepted by one machine's clock and written down by another's.
    private static final Duration SKEW = Duration.ofSeconds(10);

    private static final Instant NEVER = Instant.MAX.minus(SKEW);

    private final Care care;
    private final Upcoming upcoming = new Upcoming();
    private final Set<RecordId> changed = new HashSet<>(); // since the room is not whole
    private Index index;
    private boolean whole;
    private Instant knownFrom;

    private WaitingRoom(Index index, boolean whole, Instant knownFrom, Care care) {
        this.index = index;
        this.whole = whole;
        this.knownFrom = knownFrom;
        this.care = care;
    }

    /// @param index of everybody
    public static WaitingRoom whole(Index index, Care care) {
        return new WaitingRoom(index, true, Instant.MIN, care);
    }

    /// @param lately    those whose last state was written lately
    /// @param knownFrom when the first of these states was written: whoever was accepted later is known
    public static WaitingRoom unfinished(HeapIndex lately, Instant knownFrom, Care care) {
        return new WaitingRoom(lately, false, knownFrom, care);
    }

    /// An empty one, in memory.
    public static WaitingRoom onHeap() {
        return whole(new HeapIndex(), new Care() {
            @Override
            public void keep(Index index) {
                index.close();
            }

            @Override
            public void lost(Index index) {
                index.close();
            }

            @Override
            public Instant now() {
                return Instant.now();
            }
        });
    }

    public boolean isWhole() {
        return whole;
    }

    /// Whether a mail accepted then is known if it waits. No state is older than its mail, so the unknown ones are of
    /// mail that was accepted before the last of them was written.
    public boolean knows(Instant acceptedAt) {
        return whole || (knownFrom.isBefore(NEVER) && acceptedAt.isAfter(knownFrom.plus(SKEW)));
    }

    /// Everybody is known now.
    ///
    /// @param all read from `mail.waiting` to where it ended at some time since the room is not whole: what
    ///            happened since it is not whole is said to it
    /// @throws IndexFailed when the new index fails over it; then nothing has changed
    public void complete(Index all) {
        var changes = new LinkedHashMap<RecordId, Change>();
        for (var record : changed) changes.put(record, said(record));
        all.apply(changes);
        index.close();
        index = all;
        changed.clear();
        whole = true;
        upcoming.clear();
    }

    private Change said(RecordId record) {
        return index.get(record).<Change>map(Change.Waits::new).orElseGet(Change.Left::new);
    }

    public int size() {
        return reading(index::size, 0);
    }

    public boolean has(RecordId record) {
        return seat(record) instanceof Seat.Taken;
    }

    public Seat seat(RecordId record) {
        var state = reading(() -> index.get(record), Optional.<Waiting>empty());
        if (state.isPresent()) return new Seat.Taken(state.get());
        return whole ? new Seat.Free() : new Seat.Unknown();
    }

    public Optional<Waiting> get(RecordId record) {
        return seat(record) instanceof Seat.Taken(var state) ? Optional.of(state) : Optional.empty();
    }

    /// Who of them waits here. In a room that is not whole, others may, too.
    public boolean waits(Identity who) {
        return reading(() -> index.recordOf(who), Optional.<RecordId>empty()).isPresent();
    }

    public Optional<Waiting> stateOf(Identity who) {
        return reading(() -> index.recordOf(who).flatMap(index::get), Optional.<Waiting>empty());
    }

    public void put(Waiting waiting) {
        change(waiting.record(), new Change.Waits(waiting));
        waiting.due().ifPresent(due -> upcoming.add(Turn.of(due, waiting.record())));
    }

    public void leave(RecordId record) {
        change(record, new Change.Left());
    }

    private void change(RecordId record, Change change) {
        writing(() -> index.apply(Map.of(record, change))).forEach(upcoming::remove);
        if (!whole) changed.add(record);
    }

    /// Those whose time has come, earliest first; they keep their seats but are not called again before [#callAgain].
    public List<Waiting> call(Instant now, int most) {
        return reading(() -> callFrom(now, most), List.<Waiting>of());
    }

    private List<Waiting> callFrom(Instant now, int most) {
        var called = new ArrayList<Waiting>();
        long until = Turn.millis(now);
        while (called.size() < most) {
            var turn = upcoming.next(until, index);
            if (turn.isEmpty()) break;
            index.get(turn.get().record()).ifPresent(called::add);
        }
        return called;
    }

    /// Nothing happened but time: no new state in Kafka, only another turn here.
    public void callAgain(RecordId record, Instant due) {
        var had = writing(() -> index.move(record, due));
        if (had.isEmpty()) return;
        upcoming.remove(had.get());
        upcoming.add(Turn.of(due, record));
    }

    /// A stretch of all who wait, in the order of their record ids: the lock is held for so many, and whoever comes or
    /// leaves between two stretches is seen or not.
    ///
    /// @param last the last one of the stretch before; empty: from the beginning
    public List<Waiting> after(Optional<RecordId> last, int most) {
        return reading(() -> index.after(last, most), List.<Waiting>of());
    }

    /// How many states do not decode.
    public int unreadable() {
        return reading(() -> index.unreadable().size(), 0);
    }

    /// There is a state of this record which does not decode; or there may be.
    public boolean mayBeUnreadable(RecordId record) {
        return reading(() -> index.isUnreadable(record), false) || !whole;
    }

    /// From here on the index is a checkpoint, if it is whole and on a disk (L20).
    public void mark(Mark mark) {
        if (!whole) return;
        writing(() -> {
            index.mark(mark);
            return mark;
        });
    }

    /// Whoever comes later finds nobody here.
    public void close() {
        care.keep(index);
        index = new HeapIndex();
        whole = false;
        knownFrom = Instant.MAX;
        upcoming.clear();
    }

    private <T> T reading(Supplier<T> question, T unknown) {
        try {
            return question.get();
        } catch (IndexFailed failed) {
            lose(failed);
            return unknown;
        }
    }

    // Said again to the index that takes its place.
    private <T> T writing(Supplier<T> change) {
        try {
            return change.get();
        } catch (IndexFailed failed) {
            lose(failed);
            return change.get();
        }
    }

    private void lose(IndexFailed failed) {
        log.error("the index of waiting mail is lost and will be read from Kafka again: {}", failed.getMessage());
        care.lost(index);
        knownFrom = care.now();
        index = new HeapIndex();
        whole = false;
        changed.clear();
        upcoming.clear();
    }
}
