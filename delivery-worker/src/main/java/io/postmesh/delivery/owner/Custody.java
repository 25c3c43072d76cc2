package io.postmesh.delivery.owner;

import io.postmesh.contract.Outcome;
import io.postmesh.contract.Reason;
import io.postmesh.contract.RecordId;
import io.postmesh.delivery.outcome.Report;
import io.postmesh.delivery.outcome.Result;
import io.postmesh.delivery.outcome.Scope;
import io.postmesh.delivery.outcome.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Letters whose attempt ends in another worker's hands: kept until its result, or until its time is over (LEDGER L15).
final class Custody {
    /// Two machines' clocks may differ by so much.
    private static final Duration SKEW = Duration.ofSeconds(1);

    /// A letter of which nothing more is awaited.
    ///
    /// @param putOff what the other worker's remote said to those who are not final
    record Released(Letter letter, Report putOff) {}

    private static final class Kept {
        private final Letter letter;
        private final Instant until;
        private final Set<Integer> awaited = new HashSet<>();
        private final List<Result> putOff = new ArrayList<>();
        private String remote = "";
        private String tls = "";

        private Kept(Letter letter, Instant until) {
            this.letter = letter;
            this.until = until;
            letter.recipients().forEach(to -> awaited.add(to.position()));
        }

        private void take(Outcome line) {
            for (var to : letter.recipients()) {
                if (!line.positions().contains(to.position()) || !awaited.remove(to.position())) continue;
                if (!Lines.isTheLast(line)) putOff.add(new Result(to, verdict(line)));
            }
            remote = line.heard().remote();
            tls = line.heard().tls();
        }

        // "Not sent" is a word of ours, not of a remote's.
        private static Verdict verdict(Outcome line) {
            return line.reason() == Reason.SHUTDOWN
                    ? new Verdict.NotSent(line.reason())
                    : new Verdict.Deferred(line.reason(), line.reply(), Scope.MESSAGE);
        }

        private Released released() {
            return new Released(letter, new Report(putOff, remote, tls));
        }
    }

    private final Map<RecordId, Kept> kept = new HashMap<>();

    static Instant patience(Instant deadline) {
        return deadline.plus(SKEW);
    }

    synchronized void keep(Letter letter, Instant until) {
        kept.put(letter.key(), new Kept(letter, until));
    }

    synchronized boolean keeps(RecordId record) {
        return kept.containsKey(record);
    }

    /// Another worker wrote a result.
    ///
    /// @return letters that have all of theirs now
    synchronized List<Released> told(Outcome line) {
        var released = new ArrayList<Released>();
        for (Iterator<Kept> all = kept.values().iterator(); all.hasNext(); ) {
            var one = all.next();
            if (!one.letter.envelope().id().equals(line.id())) continue;
            one.take(line);
            if (!one.awaited.isEmpty()) continue;
            all.remove();
            released.add(one.released());
        }
        return released;
    }

    /// Letters nobody will write a result of any more.
    synchronized List<Letter> overdue(Instant now) {
        var overdue = new ArrayList<Letter>();
        for (Iterator<Kept> all = kept.values().iterator(); all.hasNext(); ) {
            var one = all.next();
            if (now.isBefore(one.until)) continue;
            all.remove();
            overdue.add(one.letter);
        }
        return overdue;
    }
}
