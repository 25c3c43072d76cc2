package io.postmesh.delivery.owner;

import io.postmesh.delivery.waiting.Identity;
import io.postmesh.mail.MailId;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Recipients a former owner's attempt for whom has no result yet (LEDGER L15, L19). Until it has, the next owner must
/// find the note of it. Guarded by its [Book].
final class OpenDoubts {
    private final Map<Identity, Doubts.Doubt> open;
    private final ReplayPositions positions;

    OpenDoubts(Map<Identity, Doubts.Doubt> left, ReplayPositions positions) {
        this.open = new HashMap<>(left);
        this.positions = positions;
        open.forEach((who, doubt) -> positions.keep(who, doubt.offset()));
    }

    private Optional<Doubts.Doubt> of(MailId id, int position) {
        return Optional.ofNullable(open.get(Identity.of(id, position)));
    }

    private Stream<Doubts.Doubt> of(MailId id, List<Integer> some) {
        return some.stream().flatMap(position -> of(id, position).stream());
    }

    /// How often these were attempted, as far as nobody has told.
    int attempts(MailId id, List<Integer> some) {
        return of(id, some).mapToInt(Doubts.Doubt::attempt).max().orElse(0);
    }

    /// How many workers died over these.
    int crashes(MailId id, List<Integer> some) {
        return of(id, some).mapToInt(Doubts.Doubt::crashes).max().orElse(0);
    }

    /// Until when another worker may write the result.
    Optional<Instant> until(MailId id, int position) {
        return of(id, position).flatMap(Doubts.Doubt::until);
    }

    /// Until when another worker may write the result of some of these.
    Optional<Instant> awaited(MailId id, List<Integer> some) {
        return of(id, some).flatMap(doubt -> doubt.until().stream()).max(Instant::compareTo);
    }

    /// Whether the last note of some of these is by a later owner than this one.
    boolean isOvertaken(MailId id, List<Integer> some, int epoch) {
        return of(id, some).anyMatch(doubt -> doubt.epoch() > epoch);
    }

    /// Their worker's time is over: now they are in doubt like any other.
    ///
    /// @return how many
    int overdue(MailId id, List<Integer> some) {
        int count = 0;
        for (int position : some) {
            var doubt = of(id, position).filter(one -> one.until().isPresent());
            if (doubt.isEmpty()) continue;
            open.put(Identity.of(id, position), doubt.get().overdue());
            count++;
        }
        return count;
    }

    /// Its result is known.
    void over(Identity who) {
        if (open.remove(who) != null) positions.release(who);
    }

    /// Of the others nobody will ever hear.
    void keepOnly(Predicate<Identity> known) {
        for (var who : List.copyOf(open.keySet())) if (!known.test(who)) over(who);
    }
}
