package io.postmesh.delivery.smtp;

import io.postmesh.contract.Reason;
import io.postmesh.contract.Recipient;
import io.postmesh.contract.Slice;
import io.postmesh.delivery.outcome.Checkpoints;
import io.postmesh.delivery.outcome.Job;
import io.postmesh.delivery.outcome.Outcomes;
import io.postmesh.delivery.outcome.Scope;
import io.postmesh.delivery.outcome.Step;
import io.postmesh.delivery.outcome.Tally;
import io.postmesh.delivery.outcome.Verdict;
import io.postmesh.mail.SmtpReply;
import io.postmesh.runtime.blob.DamagedBlob;
import io.postmesh.runtime.blob.MissingBlob;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One mail over one session: MAIL, RCPT for each, DATA, the content, the dot.
///
/// With PIPELINING all commands go out in one write and their replies are heard in order; without, each waits for its
/// reply. Either way the same lines below read the replies.
final class Transaction {
    private static final Logger log = LoggerFactory.getLogger(Transaction.class);
    private static final Verdict STOPPED = new Verdict.NotSent(Reason.SHUTDOWN);

    private final Session session;
    private final SmtpConnection connection;
    private final Job job;
    private final Tally tally;
    private final Checkpoints checkpoints;
    private final CarrierMeters meters;
    private final boolean pipelined;
    private boolean heard;
    private boolean dotted;

    Transaction(Session session, Job job, Tally tally, Checkpoints checkpoints, CarrierMeters meters) {
        this.session = session;
        this.connection = session.connection();
        this.job = job;
        this.tally = tally;
        this.checkpoints = checkpoints;
        this.meters = meters;
        this.pipelined = session.extensions().pipelining();
    }

    /// Whether the remote has said anything about this mail. A kept connection that had not was gone before we came.
    boolean wasHeard() {
        return heard;
    }

    /// Settles the recipients that can be settled with this remote. The session stays usable, or is dropped.
    void run() throws Setback {
        var lines = EnvelopeLines.of(job, tally.open(), session.extensions());
        lines.objection().ifPresent(tally::settleOpen);
        for (var to : tally.open()) lines.objection(to).ifPresent(verdict -> tally.settle(to, verdict));
        if (tally.isComplete()) return;
        try {
            // Asked before the content is touched: should that be our end, the next owner has the note of it.
            if (checkpoints.mayStart()) transact(lines, Letter.of(job));
            else tally.settleOpen(STOPPED);
        } catch (IOException e) {
            tally.settleOpen(unreadable(e)); // the remote was not told, or the connection is closed: no dot was sent
        }
    }

    private void transact(EnvelopeLines lines, Letter letter) throws Setback, IOException {
        session.beginMail();
        try {
            var accepted = envelope(lines);
            if (!accepted.isEmpty()) timed(letter, accepted);
        } catch (Setback setback) {
            connection.drop();
            if (!dotted) throw setback;
            // In doubt: the remote may have the mail. Another host would have it twice; later is soon enough.
            tally.settleOpen(setback.verdict());
        }
    }

    /// Everything up to the 354; returns the recipients that have it coming.
    private List<Recipient> envelope(EnvelopeLines lines) throws Setback {
        var open = tally.open();
        if (pipelined) sayAll(lines, open);
        reset();
        var mail = next(Step.MAIL, lines.mail());
        var accepted = new ArrayList<Recipient>(open.size());
        if (isDone(mail)) {
            for (var to : open) {
                var reply = next(Step.RCPT, lines.rcpt(to));
                if (isDone(reply)) accepted.add(to);
                else tally.settle(to, heeded(Step.RCPT, reply));
            }
        } else {
            tally.settleOpen(heeded(Step.MAIL, mail));
            if (pipelined) for (var _ : open) session.hear(Step.RCPT);
        }
        return data(accepted);
    }

    private List<Recipient> data(List<Recipient> accepted) throws Setback {
        if (accepted.isEmpty() && !pipelined) {
            session.leaveOpen();
            return accepted;
        }
        var reply = next(Step.DATA, "DATA\r\n");
        if (reply.code() == 354) {
            if (accepted.isEmpty()) sendNothing();
            return accepted;
        }
        session.leaveOpen();
        if (accepted.isEmpty()) return accepted; // RFC 2920 §3.1: the 503 or 554 we asked for
        var verdict = heeded(Step.DATA, reply);
        accepted.forEach(to -> tally.settle(to, verdict));
        return List.of();
    }

    // RFC 2920 §3.1: a remote that took DATA without a recipient waits for a dot now, and gets a lone one.
    private void sendNothing() throws Setback {
        connection.say(Step.DATA, ".\r\n", 1);
        session.hear(Step.DATA);
        session.leaveOpen();
    }

    private void timed(Letter letter, List<Recipient> accepted) throws Setback, IOException {
        meters.<Boolean, IOException>timed(session.host(), CarrierMeters.Phase.DATA, () -> {
            send(letter, accepted);
            return true;
        });
    }

    private void send(Letter letter, List<Recipient> accepted) throws Setback, IOException {
        connection.expectVerdict();
        boolean sent = switch (letter) {
            case Letter.Whole(var wire) -> finish(wire);
            case Letter.Flowing _ -> flow();
        };
        if (!sent) return;
        var reply = session.hear(Step.CONTENT);
        boolean delivered = isDone(reply) && dotted;
        var verdict = delivered ? new Verdict.Delivered(reply) : heeded(Step.CONTENT, reply);
        accepted.forEach(to -> tally.settle(to, verdict));
        if (!dotted) connection.drop(); // it answered before the end, and takes the rest for commands
    }

    private boolean finish(Slice last) {
        if (!checkpoints.mayFinish()) {
            connection.drop(); // RFC 5321 §4.1.1.4: without the dot there was no mail
            tally.settleOpen(STOPPED);
            return false;
        }
        dotted = true;
        connection.finish(last);
        return true;
    }

    /// @return false when a checkpoint stopped it; true also when the remote answered too early, and no dot was sent
    private boolean flow() throws Setback, IOException {
        var stuffing = new Stuffing(Letter.BLOCK + Letter.BLOCK / 64);
        try (var pages = new Letter.Pages(job)) {
            for (var page = pages.next(); page.length() > 0; page = pages.next()) {
                stuffing.add(page);
                if (stuffing.length() >= Letter.BLOCK && !connection.stream(stuffing.take())) return true;
            }
        } catch (IOException e) {
            connection.drop(); // half a mail never gets a dot
            throw e;
        }
        stuffing.addEnd();
        return finish(stuffing.take());
    }

    private void sayAll(EnvelopeLines lines, List<Recipient> open) {
        var all = new StringBuilder(128 + 64 * open.size());
        if (session.needsReset()) all.append("RSET\r\n");
        all.append(lines.mail());
        for (var to : open) all.append(lines.rcpt(to));
        int replies = open.size() + (session.needsReset() ? 3 : 2);
        connection.say(Step.MAIL, all.append("DATA\r\n").toString(), replies);
    }

    private void reset() throws Setback {
        if (!session.needsReset()) return;
        var reply = next(Step.RESET, "RSET\r\n");
        if (!isDone(reply)) throw Setback.said(Step.RESET, reply);
        session.wasReset();
    }

    private SmtpReply next(Step step, String line) throws Setback {
        if (!pipelined) connection.say(step, line, 1);
        var reply = session.hear(step);
        heard |= step != Step.RESET;
        return reply;
    }

    // What ends the session is everybody's business and not for the tally.
    private static Verdict heeded(Step step, SmtpReply reply) throws Setback {
        var verdict = Outcomes.judge(step, reply);
        if (Outcomes.isSetback(verdict)) throw Setback.said(step, reply);
        return verdict;
    }

    private static boolean isDone(SmtpReply reply) {
        return reply.code() < 300;
    }

    private Verdict unreadable(IOException e) {
        var blob = job.envelope().content().body().blob();
        var reason = switch (e) {
            case MissingBlob _ -> Reason.BLOB_MISSING;
            case DamagedBlob _ when blob.isPresent() -> Reason.BLOB_DAMAGED;
            default -> Reason.INTERNAL;
        };
        log.warn(
                "mail is put off, its body cannot be read: id={} blob={} reason={} cause={}",
                job.envelope().id(),
                blob.orElse("none"),
                reason.name().toLowerCase(Locale.ROOT),
                e.toString());
        return new Verdict.Deferred(reason, Optional.empty(), Scope.MESSAGE);
    }
}
