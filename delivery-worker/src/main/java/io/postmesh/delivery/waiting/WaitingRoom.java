package io.postmesh.delivery.waiting;

import io.postmesh.contract.BadRecord;
import io.postmesh.contract.LedgerCodec;
import io.postmesh.contract.RecordId;
import io.postmesh.contract.Waiting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// Everybody who waits on one partition, by due time. Kafka's `mail.waiting` is the truth; this is its index.
///
/// States are kept encoded: a quarter of the memory, and they are needed only when their time has come. Not safe for
/// threads: its owner's lock guards it.
public final class WaitingRoom {
    private record Seat(byte[] state, Optional<Instant> due) {}

    private record Turn(Instant due, RecordId record) implements Comparable<Turn> {
        @Override
        public int compareTo(Turn other) {
            int byTime = due.compareTo(other.due);
            return byTime != 0 ? byTime : record.text().compareTo(other.record.text());
        }
    }

    private final NavigableMap<RecordId, Seat> seats = new TreeMap<>(Comparator.comparing(RecordId::text));
    private final TreeSet<Turn> turns = new TreeSet<>();

    public int size() {
        return seats.size();
    }

    public boolean has(RecordId record) {
        return seats.containsKey(record);
    }

    public void put(Waiting waiting) {
        leave(waiting.record());
        seats.put(waiting.record(), new Seat(LedgerCodec.encode(waiting), waiting.due()));
        waiting.due().ifPresent(due -> turns.add(new Turn(due, waiting.record())));
    }

    public void leave(RecordId record) {
        var seat = seats.remove(record);
        if (seat != null) seat.due().ifPresent(due -> turns.remove(new Turn(due, record)));
    }

    /// Those whose time has come, earliest first; they keep their seats but are not called again before [#callAgain].
    public List<Waiting> call(Instant now, int most) {
        var called = new ArrayList<Waiting>();
        while (called.size() < most && !turns.isEmpty() && !turns.first().due().isAfter(now)) {
            var turn = turns.removeFirst();
            var seat = seats.get(turn.record());
            if (seat == null) continue;
            seats.put(turn.record(), new Seat(seat.state(), Optional.empty()));
            called.add(decode(seat.state()));
        }
        return called;
    }

    /// Nothing happened but time: no new state in Kafka, only another turn here.
    public void callAgain(RecordId record, Instant due) {
        var seat = seats.get(record);
        if (seat == null) return;
        seat.due().ifPresent(old -> turns.remove(new Turn(old, record)));
        seats.put(record, new Seat(seat.state(), Optional.of(due)));
        turns.add(new Turn(due, record));
    }

    public Optional<Waiting> get(RecordId record) {
        return Optional.ofNullable(seats.get(record)).map(seat -> decode(seat.state()));
    }

    /// A stretch of all who wait, in the order of their record ids: the lock is held for so many, and whoever comes or
    /// leaves between two stretches is seen or not.
    ///
    /// @param last the last one of the stretch before; empty: from the beginning
    public List<Waiting> after(Optional<RecordId> last, int most) {
        var rest = last.isPresent() ? seats.tailMap(last.get(), false) : seats;
        return rest.values().stream()
                .limit(most)
                .map(seat -> decode(seat.state()))
                .toList();
    }

    private static Waiting decode(byte[] state) {
        try {
            return LedgerCodec.waiting(state);
        } catch (BadRecord e) {
            throw new AssertionError("encoded here", e);
        }
    }
}
