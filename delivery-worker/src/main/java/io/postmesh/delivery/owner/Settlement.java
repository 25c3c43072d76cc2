package io.postmesh.delivery.owner;

import io.postmesh.contract.Action;
import io.postmesh.contract.Outcome;
import io.postmesh.contract.Reason;
import io.postmesh.contract.Recipient;
import io.postmesh.delivery.control.Standing;
import io.postmesh.delivery.outcome.Report;
import io.postmesh.delivery.outcome.Verdict;
import io.postmesh.delivery.waiting.RetrySchedule;
import io.postmesh.mail.SmtpReply;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/// What is to be written down after an attempt, or instead of one: who is final, who waits. A value; `Owner` writes.
///
/// @param attempts made by now
/// @param due      when those who wait are tried again; empty: held
/// @param heeded   as of the letter, or later: see [Letter]
/// @param note     the operator's action that decided it; else empty
record Settlement(
        List<Share> finals,
        List<Share> waits,
        int attempts,
        Optional<Instant> due,
        String remote,
        String tls,
        long heeded,
        String note) {
    private static final int SOON_S = 10;

    /// Recipients to whom the same happened.
    record Share(Outcome.Kind kind, Reason reason, Optional<SmtpReply> reply, List<Recipient> recipients) {}

    private record Fate(Outcome.Kind kind, Reason reason, Optional<SmtpReply> reply) {}

    Settlement {
        finals = List.copyOf(finals);
        waits = List.copyOf(waits);
    }

    /// Nobody's fate was decided: the attempt ended by our own will, before its dot.
    static boolean isVoid(Report report) {
        return report.results().stream().allMatch(result -> result.verdict() instanceof Verdict.NotSent);
    }

    /// After an attempt. A deferral too many is a failure: the mail has expired (RFC 3463: X.4.7), unless it was ours
    /// that kept it from going.
    static Settlement after(Report report, Letter letter, RetrySchedule schedule, Instant now, RandomGenerator random) {
        int attempts = letter.attempts() + 1;
        var next = schedule.after(attempts, letter.envelope().acceptedAt(), now, random);
        boolean over = next instanceof RetrySchedule.GiveUp;
        boolean asked = report.results().stream().anyMatch(result -> result.verdict() instanceof Verdict.Deferred);
        var shares = shares(report, over);
        var due = switch (next) {
            case RetrySchedule.TryAgain(var at) when asked -> at;
            case RetrySchedule.TryAgain _, RetrySchedule.GiveUp _ -> now.plusSeconds(SOON_S);
        };
        return new Settlement(
                shares.stream().filter(share -> share.kind().isFinal()).toList(),
                shares.stream().filter(share -> !share.kind().isFinal()).toList(),
                attempts,
                Optional.of(due),
                report.remote(),
                report.tls(),
                letter.heeded(),
                "");
    }

    /// Without an attempt: everybody waits.
    static Settlement parked(Letter letter, Reason reason, Optional<Instant> due) {
        var all = new Share(Outcome.Kind.DEFERRED, reason, letter.lastReply(), letter.recipients());
        return new Settlement(List.of(), List.of(all), letter.attempts(), due, "", "", letter.heeded(), "");
    }

    /// Without an attempt: an operator has them wait.
    static Settlement held(Letter letter, Standing by) {
        return parked(letter, Reason.HELD, Optional.empty()).heeding(by.heeded(), by.note());
    }

    /// Without an attempt: an operator ends it for these.
    static Settlement ended(Letter letter, List<Recipient> some, Standing by) {
        var share = end(by, letter.lastReply(), some);
        return new Settlement(
                List.of(share), List.of(), letter.attempts(), Optional.empty(), "", "", by.heeded(), by.note());
    }

    private static Share end(Standing by, Optional<SmtpReply> reply, List<Recipient> some) {
        boolean told = by.action().verb() == Action.Verb.BOUNCE;
        return told
                ? new Share(Outcome.Kind.FAILED, Reason.BOUNCED, reply, some)
                : new Share(Outcome.Kind.CANCELLED, Reason.CANCELLED, reply, some);
    }

    /// An operator ends it for some of those who would wait.
    Settlement ending(Predicate<Recipient> picked, Standing by) {
        var ends = new ArrayList<>(finals);
        for (var share : waits) {
            var some = share.recipients().stream().filter(picked).toList();
            if (!some.isEmpty()) ends.add(end(by, share.reply(), some));
        }
        return new Settlement(ends, waits, attempts, due, remote, tls, heeded, by.note()).waitingOnly(picked.negate());
    }

    /// An operator holds those who would wait.
    Settlement holding(Standing by) {
        var held = waits.stream()
                .map(share -> new Share(share.kind(), Reason.HELD, share.reply(), share.recipients()))
                .toList();
        return new Settlement(finals, held, attempts, Optional.empty(), remote, tls, by.heeded(), by.note());
    }

    Settlement heeding(long now, String why) {
        return new Settlement(finals, waits, attempts, due, remote, tls, now, why);
    }

    /// Without an attempt: its time is up and its destination still rests.
    static Settlement expired(Letter letter) {
        var all = new Share(Outcome.Kind.FAILED, Reason.EXPIRED, letter.lastReply(), letter.recipients());
        return new Settlement(
                List.of(all), List.of(), letter.attempts(), Optional.empty(), "", "", letter.heeded(), "");
    }

    /// Only some of those who would wait do: the others were settled elsewhere meanwhile (LEDGER L16).
    Settlement waitingOnly(Predicate<Recipient> still) {
        var rest = waits.stream()
                .map(share -> new Share(
                        share.kind(),
                        share.reason(),
                        share.reply(),
                        share.recipients().stream().filter(still).toList()))
                .filter(share -> !share.recipients().isEmpty())
                .toList();
        return new Settlement(finals, rest, attempts, due, remote, tls, heeded, note);
    }

    private static List<Share> shares(Report report, boolean over) {
        Map<Fate, List<Recipient>> byFate = new LinkedHashMap<>();
        for (var result : report.results()) {
            byFate.computeIfAbsent(fate(result.verdict(), over), _ -> new ArrayList<>())
                    .add(result.recipient());
        }
        var shares = new ArrayList<Share>();
        byFate.forEach((fate, who) -> shares.add(new Share(fate.kind(), fate.reason(), fate.reply(), who)));
        return shares;
    }

    private static Reason givenUp(Reason last) {
        return last.isOurs() ? last : Reason.EXPIRED;
    }

    private static Fate fate(Verdict verdict, boolean over) {
        return switch (verdict) {
            case Verdict.Delivered(var reply) -> new Fate(Outcome.Kind.DELIVERED, Reason.DELIVERED, Optional.of(reply));
            case Verdict.Failed failed -> new Fate(Outcome.Kind.FAILED, failed.reason(), failed.reply());
            case Verdict.Deferred deferred
            when over -> new Fate(Outcome.Kind.FAILED, givenUp(deferred.reason()), deferred.reply());
            case Verdict.Deferred deferred -> new Fate(Outcome.Kind.DEFERRED, deferred.reason(), deferred.reply());
            case Verdict.NotSent(var reason) -> new Fate(Outcome.Kind.DEFERRED, reason, Optional.empty());
        };
    }
}
