package io.postmesh.policy;

import io.postmesh.contract.BadRecord;
import io.postmesh.contract.Envelope;
import io.postmesh.contract.Journey;
import io.postmesh.contract.LedgerCodec;
import io.postmesh.contract.MailRecord;
import io.postmesh.contract.RecordCodec;
import io.postmesh.contract.Topics;
import io.postmesh.policy.PolicyMeters.Fate;
import io.postmesh.policy.judge.Judge;
import io.postmesh.policy.judge.Submission;
import io.postmesh.policy.judge.Verdict;
import io.postmesh.policy.quota.SenderQuota;
import io.postmesh.runtime.kafka.InRecord;
import io.postmesh.runtime.kafka.OutRecord;
import io.postmesh.runtime.log.Fact;
import io.postmesh.runtime.trace.Names;
import io.postmesh.runtime.trace.Step;
import io.postmesh.runtime.trace.Trace;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.header.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// One accepted mail in, what becomes of it out. Gathers the facts, asks the judge, and writes the answer down.
///
/// May run again for the same mail: who goes where, in which record and partition, follows from the mail alone.
final class Desk {
    private static final Logger log = LoggerFactory.getLogger(Desk.class);

    private final Judge judge;
    private final SenderQuota quota;
    private final Dispatch dispatch;
    private final Refusal refusal;
    private final PolicyMeters meters;
    private final Trace trace;
    private final Clock clock;

    Desk(
            Judge judge,
            SenderQuota quota,
            Dispatch dispatch,
            Refusal refusal,
            PolicyMeters meters,
            Trace trace,
            Clock clock) {
        this.judge = judge;
        this.quota = quota;
        this.dispatch = dispatch;
        this.refusal = refusal;
        this.meters = meters;
        this.trace = trace;
        this.clock = clock;
    }

    List<OutRecord> handle(InRecord in) throws BadRecord, IOException {
        var value = in.value();
        if (value == null) throw new BadRecord("a record without a mail");
        var mail = RecordCodec.decode(value);
        long since = System.nanoTime();
        try (var step = trace.follow("policy", in)) {
            var verdict = verdict(mail);
            var records = decided(in, mail, verdict, step);
            tell(step, mail.envelope(), verdict, records.size() - 1); // the last one is the note
            return records;
        } finally {
            meters.took.record(System.nanoTime() - since, TimeUnit.NANOSECONDS);
        }
    }

    private static void tell(Step step, Envelope mail, Verdict verdict, int records) {
        step.set(Names.MAIL, mail.id().text())
                .set(Names.RECIPIENTS, (long) mail.recipients().size())
                .set(Names.VERDICT, word(verdict))
                .set(Names.RULE, verdict.by().rule())
                .set(Names.RECORDS, (long) records);
    }

    private static String word(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Clear _ -> "clear";
            case Verdict.Hold _ -> "hold";
            case Verdict.Refuse _ -> "refuse";
        };
    }

    // The limit is asked only about mail that may go: what is refused anyway takes nothing from it.
    private Verdict verdict(MailRecord mail) {
        var unlimited = judge.judge(new Submission(mail.envelope(), mail.headers(), Duration.ZERO));
        if (unlimited instanceof Verdict.Refuse) return unlimited;
        var delay = quota.delay(mail.envelope());
        return delay.isZero() ? unlimited : judge.judge(new Submission(mail.envelope(), mail.headers(), delay));
    }

    private List<OutRecord> decided(InRecord in, MailRecord mail, Verdict verdict, Step step) throws IOException {
        return switch (verdict) {
            case Verdict.Clear clear -> cleared(mail, clear, step);
            case Verdict.Hold hold -> held(mail, hold, step);
            case Verdict.Refuse refuse -> refused(in, mail, refuse, step);
        };
    }

    private List<OutRecord> cleared(MailRecord mail, Verdict.Clear clear, Step step) throws IOException {
        meters.count(Fate.CLEARED, clear);
        var terms = new Dispatch.Terms(clear.by(), clear.signAs(), Optional.empty(), Optional.empty());
        var records = dispatch.send(mail, terms, step.headers());
        fact(log.atInfo(), mail.envelope(), "cleared", step)
                .with("rule", clear.by().rule())
                .with("records", records.size())
                .say();
        records.add(note(mail.envelope(), Journey.Stage.CLEARED, clear.by().rule(), clock.instant(), step.headers()));
        return records;
    }

    private List<OutRecord> held(MailRecord mail, Verdict.Hold hold, Step step) throws IOException {
        meters.count(Fate.HELD, hold);
        var now = clock.instant();
        var until = Optional.of(now.plus(hold.delay()));
        var terms = new Dispatch.Terms(hold.by(), hold.signAs(), until, Optional.of(hold.reason()));
        var records = dispatch.send(mail, terms, step.headers());
        fact(log.atInfo(), mail.envelope(), "held", step)
                .with("rule", hold.by().rule())
                .with("until", until.get().toString())
                .with("reason", hold.reason().toString())
                .say();
        records.add(note(mail.envelope(), Journey.Stage.HELD, hold.by().rule(), now, step.headers()));
        return records;
    }

    private List<OutRecord> refused(InRecord in, MailRecord mail, Verdict.Refuse refuse, Step step) {
        var envelope = mail.envelope();
        var now = clock.instant();
        boolean reported = refusal.isReported(envelope);
        meters.count(reported ? Fate.REPORTED : Fate.DISCARDED, refuse);
        var reason = refuse.by().rule() + ": " + refuse.reply().text();
        var records = new ArrayList<OutRecord>();
        if (reported) records.addAll(refusal.report(mail, refuse.reply(), now, step.headers()));
        else records.add(refusal.quarantined(in, envelope, reason, step.headers()));
        fact(log.atWarn(), envelope, "refused", step)
                .with("sender-told", reported)
                .with("reason", reason)
                .say();
        records.add(note(envelope, Journey.Stage.REFUSED, reason, now, step.headers()));
        return records;
    }

    private static Fact fact(LoggingEventBuilder event, Envelope mail, String what, Step step) {
        return Fact.of(event, mail.id(), what).trace(step.traceId()).field("topic", Topics.ACCEPTED.topic());
    }

    private static OutRecord note(
            Envelope mail, Journey.Stage stage, String detail, Instant now, List<Header> headers) {
        var journey = new Journey(
                mail.id(),
                stage,
                now,
                mail.acceptedAt(),
                mail.sender().text(),
                mail.recipients().stream().map(r -> r.address().text()).toList(),
                detail);
        return new OutRecord(Topics.EVENTS, null, null, LedgerCodec.encode(journey), headers);
    }
}
