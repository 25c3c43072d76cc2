package io.postmesh.contract;

import io.postmesh.mail.MailId;
import io.postmesh.mail.SmtpReply;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// One line of the ledger: an attempt, or what became of some recipients (LEDGER L6, L7, L10).
public record Outcome(About about, What what, Cause cause, By by, Heard heard, Instant at) {

    /// Whose fate it is.
    ///
    /// @param recipients  addresses, in the order of `positions`
    /// @param sender      reverse-path as text; empty for the null sender
    /// @param destination where they were to go
    /// @param relayed     by way of a relay
    public record About(
            MailId id,
            RecordId record,
            List<Integer> positions,
            List<String> recipients,
            String sender,
            Instant acceptedAt,
            String destination,
            boolean relayed) {
        public About {
            positions = List.copyOf(positions);
            recipients = List.copyOf(recipients);
        }
    }

    public enum Kind {
        ATTEMPTED,
        DELIVERED,
        FAILED,
        DEFERRED,
        DROPPED_DUPLICATE,
        /// The partition changed hands while an attempt was past its dot (LEDGER L14).
        HANDED_OVER,
        /// An operator removed it; nobody is told.
        CANCELLED;

        /// Only these count as done (LEDGER L7).
        public boolean isFinal() {
            return switch (this) {
                case DELIVERED, FAILED, CANCELLED -> true;
                case ATTEMPTED, DEFERRED, DROPPED_DUPLICATE, HANDED_OVER -> false;
            };
        }
    }

    /// What happened, with what only this kind of line tells.
    ///
    /// @param failure  what a bounce needs; present with [Kind#FAILED] and only then
    /// @param deadline until when the worker named goes on alone; present with [Kind#HANDED_OVER] and only then
    public record What(Kind kind, Optional<Failure> failure, Optional<Instant> deadline) {
        public What {
            if ((kind == Kind.FAILED) != failure.isPresent()) {
                throw new IllegalArgumentException("a failure, and only a failure, carries what a bounce needs");
            }
            if ((kind == Kind.HANDED_OVER) != deadline.isPresent()) {
                throw new IllegalArgumentException("a hand-over, and only a hand-over, has a deadline");
            }
        }

        /// One that tells nothing more.
        public static What of(Kind kind) {
            return new What(kind, Optional.empty(), Optional.empty());
        }

        public static What failed(Failure failure) {
            return new What(Kind.FAILED, Optional.of(failure), Optional.empty());
        }

        public static What handedOver(Instant deadline) {
            return new What(Kind.HANDED_OVER, Optional.empty(), Optional.of(deadline));
        }
    }

    /// @param headers   the original header section: the body may be gone when the bounce is written
    /// @param fromMesh  the failed mail was itself a report: it is never answered with another one
    /// @param trusted   the client was trusted: it may be sent a report
    /// @param placement of the failed mail, which a report on it takes over: made twice, before and after the
    ///                  number of partitions was raised, it meets itself (LEDGER L4); older lines have none
    public record Failure(byte[] headers, boolean fromMesh, boolean trusted, Optional<Placement> placement) {
        /// Equal when all they say is, the headers byte by byte.
        @Override
        public boolean equals(Object other) {
            return other instanceof Failure f
                    && Arrays.equals(headers, f.headers)
                    && fromMesh == f.fromMesh
                    && trusted == f.trusted
                    && placement.equals(f.placement);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(headers);
        }
    }

    /// Why it came so.
    ///
    /// @param note the operator's action that decided this, and its reason; else empty
    public record Cause(Reason reason, String note) {
        /// One that no operator decided.
        public static Cause of(Reason reason) {
            return new Cause(reason, "");
        }
    }

    /// Whose work it was.
    ///
    /// @param attempt of this record, counted from 1; 0 when nobody was asked
    /// @param crashes workers that had died over this record when the attempt was noted (LEDGER L19)
    public record By(String worker, int attempt, int crashes) {}

    /// What the remote said.
    ///
    /// @param remote `host[ip]:port` of the host that answered, or empty
    /// @param tls    protocol and cipher; empty in clear
    public record Heard(Optional<SmtpReply> reply, String remote, String tls) {
        /// Nobody was asked, or nobody answered yet.
        public static final Heard NOTHING = new Heard(Optional.empty(), "", "");
    }

    // Asked of a line wherever it is read.

    public MailId id() {
        return about.id();
    }

    public RecordId record() {
        return about.record();
    }

    public List<Integer> positions() {
        return about.positions();
    }

    public List<String> recipients() {
        return about.recipients();
    }

    public Kind kind() {
        return what.kind();
    }

    public Reason reason() {
        return cause.reason();
    }

    public Optional<SmtpReply> reply() {
        return heard.reply();
    }
}
