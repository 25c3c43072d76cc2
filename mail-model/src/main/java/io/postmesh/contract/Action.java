package io.postmesh.contract;

import io.postmesh.mail.LogText;
import java.time.Duration;
import java.util.Optional;

/// What an operator wants of every owner: something done, or something told. It is valid for a while from the moment
/// Kafka took it, and applies once to each mail it selects, also to mail that arrives meanwhile.
///
/// @param by     who asked
/// @param lasts  how long it is valid
/// @param dryRun count only
/// @param rate   [Verb#FLUSH], [Verb#RELEASE] and [Verb#RESUME]: mails a second, of the whole mesh
/// @param limit  [Verb#LIST]: mails at most, of each partition
public record Action(
        ActionId id,
        Verb verb,
        Selector selector,
        String reason,
        String by,
        Duration lasts,
        boolean dryRun,
        int rate,
        int limit) {
    public static final Duration LONGEST = Duration.ofDays(30);
    public static final int MAX_REASON = 200;
    private static final int MAX_BY = 500; // a user's name and a host's

    /// What is wanted.
    public enum Verb {
        /// No attempt while it is valid.
        SUSPEND,
        /// Ends suspensions, as far as the selectors go.
        RESUME,
        /// Waits until it is released.
        HOLD,
        RELEASE,
        /// Tried now.
        FLUSH,
        /// Given up; the sender is told.
        BOUNCE,
        /// Removed; nobody is told.
        CANCEL,
        /// How many wait, for whom.
        SUMMARY,
        /// Which ones.
        LIST;

        /// Nothing is done, and nobody has to remember it.
        public boolean isQuestion() {
            return this == SUMMARY || this == LIST;
        }

        /// The kind of action that one of this kind ends, as far as the selectors go.
        public Optional<Verb> ends() {
            return switch (this) {
                case RESUME -> Optional.of(SUSPEND);
                case RELEASE -> Optional.of(HOLD);
                case SUSPEND, HOLD, FLUSH, BOUNCE, CANCEL, SUMMARY, LIST -> Optional.empty();
            };
        }
    }

    public Action {
        if (reason.length() > MAX_REASON || !LogText.isOneLine(reason))
            throw new IllegalArgumentException("a reason is one line of " + MAX_REASON + " characters at most");
        if (by.length() > MAX_BY || !LogText.isOneLine(by))
            throw new IllegalArgumentException("who asked is one line of " + MAX_BY + " characters at most");
        if (reason.isBlank() && !verb.isQuestion()) throw new IllegalArgumentException("give a reason");
        if (lasts.isNegative() || lasts.isZero() || lasts.compareTo(LONGEST) > 0)
            throw new IllegalArgumentException("an action is valid for 30 days at most");
        if (rate < 1 || limit < 0) throw new IllegalArgumentException("a rate is 1 or more");
    }

    /// Whether it is about this mail. A bounce tells senders, so the reports that tell them are none of its mail,
    /// unless it names them: `<>`, or an id.
    public Selector.Match match(Traits mail) {
        if (verb == Verb.BOUNCE && mail.isReport() && !selector.namesReports()) return Selector.Match.NO;
        return selector.match(mail);
    }

    public boolean matches(Traits mail) {
        return match(mail) == Selector.Match.YES;
    }

    /// Owners have to remember it.
    public boolean stands() {
        return !verb.isQuestion() && !dryRun;
    }
}
