package io.postmesh.audit.census;

import io.postmesh.contract.Envelope;
import io.postmesh.contract.Outcome;
import io.postmesh.contract.Reason;
import io.postmesh.contract.Waiting;
import io.postmesh.mail.MailId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Everybody accepted in a window, and where each was found (LEDGER L23). Who was not accepted in the window is none of
/// its business, wherever they are met.
///
/// Memory: see [Table]; nothing else here grows with the number of recipients.
public final class Census {
    private static final int MOST_RULES = 50; // rules are few and ours; a stranger's record invents no more

    // What is known of a recipient: a bit for each place, some marks, the epoch of an attempt without a result, the
    // position.
    private static final long PRESENT = 1L << 15;
    private static final long NOTED = 1L << 14;
    private static final long IN_DOUBT = 1L << 13;
    private static final long TWICE = 1L << 12;
    private static final long REFUSED = 1L << 11;
    private static final long PLACES = (1L << Place.values().length) - 1;
    private static final int EPOCH = 16;
    private static final long EPOCH_MASK = 0xffffL << EPOCH;
    private static final int POSITION = 32;

    private final Table table = new Table();
    private final SortedMap<String, Long> rules = new TreeMap<>();
    private final int most;
    private long mails;
    private long dropped;

    /// @param most recipients there is memory for, 96 octets each
    public Census(int most) {
        this.most = most;
    }

    /// Accepted in the window. A mail that stands there twice, as a report may (L4), is one mail.
    public void accepted(Envelope mail) throws TooMany {
        boolean isNew = false;
        for (int position : mail.positions()) {
            var who = Who.of(mail.id(), position);
            if (state(who) != Table.ABSENT) continue;
            if (table.size() >= most) throw new TooMany(most);
            table.put(who.hi(), who.lo(), PRESENT | (long) position << POSITION);
            isNew = true;
        }
        if (isNew) mails++;
    }

    public void found(Envelope mail, Place place) {
        for (int position : mail.positions()) add(Who.of(mail.id(), position), bit(place));
    }

    public void discarded(Envelope mail, String rule) {
        var by = rules.containsKey(rule) || rules.size() < MOST_RULES ? rule : "others";
        for (int position : mail.positions()) {
            var who = Who.of(mail.id(), position);
            long before = state(who);
            if (before == Table.ABSENT || (before & bit(Place.DISCARDED)) != 0) continue;
            add(who, bit(Place.DISCARDED));
            rules.merge(by, 1L, Long::sum);
        }
    }

    /// @param suspended by what is in force now: a state is not written anew when a suspension begins or ends
    public void waits(Waiting state, boolean suspended) {
        var place = state.isHeld() ? Place.HELD : suspended ? Place.SUSPENDED : Place.WAITING;
        for (int position : state.positions()) add(Who.of(state.id(), position), bit(place));
    }

    /// Whether any of these was accepted in the window.
    public boolean knows(MailId id, List<Integer> positions) {
        for (int position : positions) if (state(Who.of(id, position)) != Table.ABSENT) return true;
        return false;
    }

    /// A line of the ledger, in the order of its partition.
    ///
    /// @param epoch of the owner who wrote it
    public void outcome(Outcome line, int epoch) {
        for (int position : line.positions()) {
            var who = Who.of(line.id(), position);
            long before = state(who);
            if (before == Table.ABSENT) continue;
            switch (line.kind()) {
                case ATTEMPTED -> set(who, noted(doubted(before, epoch), epoch));
                case DELIVERED -> set(who, delivered(settled(doubted(before, epoch))));
                case FAILED -> set(who, failed(before, line.reason(), epoch));
                case CANCELLED -> set(who, settled(doubted(before, epoch)) | bit(Place.CANCELLED));
                case DEFERRED -> set(who, settled(doubted(before, epoch)));
                case DROPPED_DUPLICATE -> dropped++;
                case HANDED_OVER -> {} // its attempt is noted, and still to end
            }
        }
    }

    // An attempt nobody but a later owner takes up again ended without a word (L19).
    private static long doubted(long state, int epoch) {
        boolean another = (state & EPOCH_MASK) != epoch(epoch);
        return (state & NOTED) != 0 && another ? state | IN_DOUBT : state;
    }

    private static long noted(long state, int epoch) {
        return state & ~EPOCH_MASK | epoch(epoch) | NOTED;
    }

    private static long settled(long state) {
        return state & ~NOTED;
    }

    private static long delivered(long state) {
        long again = (state & bit(Place.DELIVERED)) != 0 ? TWICE : 0;
        return state | bit(Place.DELIVERED) | again;
    }

    // Policy's refusal is no attempt's result.
    private static long failed(long state, Reason reason, int epoch) {
        if (reason == Reason.POLICY) return state | bit(Place.FAILED) | REFUSED;
        return settled(doubted(state, epoch)) | bit(Place.FAILED);
    }

    public long missing() {
        return count(state -> (state & PLACES) == 0);
    }

    /// The first of those found nowhere, by mail id.
    public List<Missing> missing(int first) {
        var missing = new ArrayList<Missing>();
        table.forEachEntry((hi, lo, state) -> {
            if ((state & PLACES) != 0) return;
            int position = (int) (state >>> POSITION);
            missing.add(new Missing(new Who(hi, lo).mail(position), position));
            if (missing.size() > 2 * first) cut(missing, first); // never more in memory than are wanted
        });
        cut(missing, first);
        return List.copyOf(missing);
    }

    private static void cut(List<Missing> missing, int first) {
        Collections.sort(missing);
        if (missing.size() > first) missing.subList(first, missing.size()).clear();
    }

    public Tally tally() {
        var found = new EnumMap<Place, Long>(Place.class);
        for (var place : Place.values()) {
            long before = bit(place) - 1; // places that go before this one
            found.put(place, count(state -> (state & bit(place)) != 0 && (state & before) == 0));
        }
        return new Tally(
                mails,
                table.size(),
                found,
                count(state -> (state & REFUSED) != 0 && (state & bit(Place.DELIVERED)) == 0),
                rules,
                missing(),
                count(state -> (state & IN_DOUBT) != 0),
                count(state -> (state & TWICE) != 0),
                dropped);
    }

    private interface Question {
        boolean isTrue(long state);
    }

    private long count(Question question) {
        var sum = new long[1];
        table.forEach(state -> sum[0] += question.isTrue(state) ? 1 : 0);
        return sum[0];
    }

    private long state(Who who) {
        return table.get(who.hi(), who.lo());
    }

    private void add(Who who, long bits) {
        long before = state(who);
        if (before != Table.ABSENT) set(who, before | bits);
    }

    private void set(Who who, long state) {
        table.put(who.hi(), who.lo(), state);
    }

    private static long bit(Place place) {
        return 1L << place.ordinal();
    }

    private static long epoch(int epoch) {
        return (epoch & 0xffffL) << EPOCH;
    }
}
