package io.postmesh.delivery.waiting;

import io.postmesh.contract.BadRecord;
import io.postmesh.contract.LedgerCodec;
import io.postmesh.contract.RecordId;
import io.postmesh.contract.Waiting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/// An index in memory, some 700 octets a record: for the first seconds of an owner, and where no disk can be used.
///
/// States are kept encoded: a quarter of the memory, and they are needed only when their time has come.
public final class HeapIndex implements Index {
    private record Seat(byte[] state, Optional<Turn> turn) {}

    private final NavigableMap<RecordId, Seat> seats = new TreeMap<>(Comparator.comparing(RecordId::text));
    private final TreeSet<Turn> turns = new TreeSet<>();
    private final Map<Identity, RecordId> recipients = new HashMap<>();
    private final Set<RecordId> unreadable = new HashSet<>();

    @Override
    public int size() {
        return seats.size();
    }

    @Override
    public Optional<Waiting> get(RecordId record) {
        return Optional.ofNullable(seats.get(record)).map(seat -> decode(seat.state()));
    }

    @Override
    public Optional<RecordId> recordOf(Identity who) {
        return Optional.ofNullable(recipients.get(who));
    }

    @Override
    public boolean isUnreadable(RecordId record) {
        return unreadable.contains(record);
    }

    @Override
    public Set<RecordId> unreadable() {
        return Set.copyOf(unreadable);
    }

    @Override
    public List<Turn> apply(Map<RecordId, Change> changes) {
        var over = new ArrayList<Turn>();
        changes.forEach((record, change) -> {
            leave(record).ifPresent(over::add);
            switch (change) {
                case Change.Waits(var state) -> enter(state);
                case Change.Left _ -> {}
                case Change.Unreadable _ -> unreadable.add(record);
            }
        });
        return over;
    }

    private void enter(Waiting state) {
        var turn = state.due().map(due -> Turn.of(due, state.record()));
        seats.put(state.record(), new Seat(LedgerCodec.encode(state), turn));
        turn.ifPresent(turns::add);
        for (var who : Identity.of(state)) recipients.put(who, state.record());
    }

    private Optional<Turn> leave(RecordId record) {
        unreadable.remove(record);
        var seat = seats.remove(record);
        if (seat == null) return Optional.empty();
        for (var who : Identity.of(decode(seat.state()))) recipients.remove(who, record);
        seat.turn().ifPresent(turns::remove);
        return seat.turn();
    }

    @Override
    public Optional<Turn> move(RecordId record, Instant due) {
        var seat = seats.get(record);
        if (seat == null) return Optional.empty();
        seat.turn().ifPresent(turns::remove);
        var turn = Turn.of(due, record);
        seats.put(record, new Seat(seat.state(), Optional.of(turn)));
        turns.add(turn);
        return Optional.of(seat.turn().orElse(turn));
    }

    @Override
    public List<Turn> turns(Optional<Turn> last, int most) {
        var rest = last.isPresent() ? turns.tailSet(last.get(), false) : turns;
        return rest.stream().limit(most).toList();
    }

    @Override
    public List<Waiting> after(Optional<RecordId> last, int most) {
        var rest = last.isPresent() ? seats.tailMap(last.get(), false) : seats;
        return rest.values().stream()
                .limit(most)
                .map(seat -> decode(seat.state()))
                .toList();
    }

    @Override
    public Set<RecordId> recordsOf(Predicate<Identity> some) {
        var found = new HashSet<RecordId>();
        recipients.forEach((who, record) -> {
            if (some.test(who)) found.add(record);
        });
        return found;
    }

    /// It outlives nobody, so it is no checkpoint.
    @Override
    public Optional<Mark> mark() {
        return Optional.empty();
    }

    @Override
    public void mark(Mark mark) {}

    @Override
    public void close() {}

    private static Waiting decode(byte[] state) {
        try {
            return LedgerCodec.waiting(state);
        } catch (BadRecord e) {
            throw new AssertionError("encoded here", e);
        }
    }
}
