package io.postmesh.delivery.outcome;

import io.postmesh.contract.Reason;
import io.postmesh.mail.SmtpReply;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Something was said, or went wrong: what does it mean, and for whom?
///
/// The scopes are Postfix's (`smtp_trouble.c`). A verdict of scope SESSION or SITE is a setback: the next host is
/// tried,
/// and it stands only when no host does better. One of scope MESSAGE or RECIPIENT is the destination's own word and
/// stands at once: asking its other hosts the same question is no way to treat a 4xx.
public final class Outcomes {
    private static final int MAX_TEXT = 800; // what is kept of a reply; waiting states hold 1 kB at most (LEDGER L8)

    private Outcomes() {}

    /// Judges a reply that was not the one hoped for.
    public static Verdict judge(Step step, SmtpReply reply) {
        var said = Optional.of(shortened(reply));
        // RFC 5321 §3.8: 421 answers any command and ends the connection, not the mail.
        if (reply.code() == 421) {
            return new Verdict.Deferred(Reason.PUT_OFF, said, step.isBeforeMail() ? Scope.SITE : Scope.SESSION);
        }
        // A 354 to RCPT or a 250 to DATA: from here on we would not know which reply answers what.
        if (reply.isPositive()) return new Verdict.Deferred(Reason.PROTOCOL, said, Scope.SESSION);
        return switch (step) {
            // Postfix's smtp_skip_5xx_greeting: hosts out of service greet with 554, and their neighbours do not.
            case CONNECT, BANNER -> new Verdict.Deferred(refusal(reply), said, Scope.SITE);
            case HELLO -> finalIfPermanent(reply, said, Scope.SITE);
            case STARTTLS -> new Verdict.Deferred(Reason.TLS, said, Scope.SITE);
            // Wrong credentials are ours to repair, and no reason to bounce the customers' mail.
            case AUTH -> new Verdict.Deferred(Reason.AUTH, said, Scope.SITE);
            case RESET -> new Verdict.Deferred(Reason.PROTOCOL, said, Scope.SESSION);
            case MAIL, DATA, CONTENT -> finalIfPermanent(reply, said, Scope.MESSAGE);
            // RFC 5321 §4.5.3.1.10: 552 after RCPT is old usage for "too many recipients"; retry those.
            case RCPT ->
                reply.code() == 552
                        ? new Verdict.Deferred(Reason.PUT_OFF, said, Scope.RECIPIENT)
                        : finalIfPermanent(reply, said, Scope.RECIPIENT);
        };
    }

    /// Judges a conversation that broke. Nothing that breaks is final.
    public static Verdict judge(Step step, Fault fault) {
        var reason = switch (fault) {
            case UNREACHABLE -> Reason.CONNECT;
            case FORBIDDEN -> Reason.NO_HOST;
            case CLOSED -> step == Step.CONNECT ? Reason.CONNECT : Reason.LOST_CONNECTION;
            case TIMEOUT -> Reason.TIMEOUT;
            case GARBAGE -> Reason.PROTOCOL;
            case TLS -> Reason.TLS;
            case NO_LOGIN -> Reason.AUTH;
        };
        return new Verdict.Deferred(reason, Optional.empty(), step.isBeforeMail() ? Scope.SITE : Scope.SESSION);
    }

    /// Whether another host of the destination may do better.
    public static boolean isSetback(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Failed failed -> isSetback(failed.scope());
            case Verdict.Deferred deferred -> isSetback(deferred.scope());
            case Verdict.Delivered _, Verdict.NotSent _ -> false;
        };
    }

    private static boolean isSetback(Scope scope) {
        return switch (scope) {
            case SESSION, SITE -> true;
            case MESSAGE, RECIPIENT -> false;
        };
    }

    private static Verdict finalIfPermanent(SmtpReply reply, Optional<SmtpReply> said, Scope scope) {
        return reply.isPermanent()
                ? new Verdict.Failed(Reason.REFUSED, said, scope)
                : new Verdict.Deferred(refusal(reply), said, scope);
    }

    private static Reason refusal(SmtpReply reply) {
        if (reply.isPermanent()) return Reason.REFUSED;
        return looksGreylisted(reply) ? Reason.GREYLISTED : Reason.PUT_OFF;
    }

    // No code is reserved for greylisting; 450 or 451 with 4.7.1 is what the common implementations say (RFC 6647 §5).
    private static boolean looksGreylisted(SmtpReply reply) {
        if (reply.code() != 450 && reply.code() != 451) return false;
        if (reply.status().filter(s -> s.subject() == 7 && s.detail() == 1).isPresent()) return true;
        var text = reply.text().toLowerCase(Locale.ROOT);
        return text.contains("greylist") || text.contains("graylist");
    }

    private static SmtpReply shortened(SmtpReply reply) {
        if (reply.lines().stream().mapToInt(String::length).sum() <= MAX_TEXT) return reply;
        var text = String.join(" ", reply.lines());
        int end = Character.isHighSurrogate(text.charAt(MAX_TEXT - 1)) ? MAX_TEXT - 1 : MAX_TEXT;
        return new SmtpReply(reply.code(), reply.status(), List.of(text.substring(0, end)));
    }
}
