package io.postmesh.contract;

import io.postmesh.mail.MailId;
import io.postmesh.mail.SmtpReply;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// One line of the ledger: an attempt, or what became of some recipients (LEDGER L6, L7, L10).
///
/// @param recipients addresses, in the order of `positions`
/// @param sender     reverse-path as text; empty for the null sender
/// @param remote     `host[ip]:port` of the host that answered, or empty
/// @param tls        protocol and cipher; empty in clear
/// @param failure    what a bounce needs; present with [Kind#FAILED] and only then
/// @param crashes    workers that had died over this record when the attempt was noted (LEDGER L19)
/// @param deadline   until when the worker named goes on alone; present with [Kind#HANDED_OVER] and only then
/// @param note       the operator's action that decided this, and its reason; else empty
public record Outcome(
        MailId id,
        RecordId record,
        List<Integer> positions,
        List<String> recipients,
        String sender,
        Kind kind,
        Instant at,
        Instant acceptedAt,
        int attempt,
        String worker,
        String destination,
        Reason reason,
        Optional<SmtpReply> reply,
        String remote,
        String tls,
        boolean relayed,
        Optional<Failure> failure,
        int crashes,
        Optional<Instant> deadline,
        String note) {

    public Outcome {
        positions = List.copyOf(positions);
        recipients = List.copyOf(recipients);
        if ((kind == Kind.FAILED) != failure.isPresent()) {
            throw new IllegalArgumentException("a failure, and only a failure, carries what a bounce needs");
        }
        if ((kind == Kind.HANDED_OVER) != deadline.isPresent()) {
            throw new IllegalArgumentException("a hand-over, and only a hand-over, has a deadline");
        }
    }

    /// A line that no operator decided.
    public Outcome(
            MailId id,
            RecordId record,
            List<Integer> positions,
            List<String> recipients,
            String sender,
            Kind kind,
            Instant at,
            Instant acceptedAt,
            int attempt,
            String worker,
            String destination,
            Reason reason,
            Optional<SmtpReply> reply,
            String remote,
            String tls,
            boolean relayed,
            Optional<Failure> failure,
            int crashes,
            Optional<Instant> deadline) {
        this(
                id,
                record,
                positions,
                recipients,
                sender,
                kind,
                at,
                acceptedAt,
                attempt,
                worker,
                destination,
                reason,
                reply,
                remote,
                tls,
                relayed,
                failure,
                crashes,
                deadline,
                "");
    }

    /// A line that tells neither of crashes nor of a hand-over.
    public Outcome(
            MailId id,
            RecordId record,
            List<Integer> positions,
            List<String> recipients,
            String sender,
            Kind kind,
            Instant at,
            Instant acceptedAt,
            int attempt,
            String worker,
            String destination,
            Reason reason,
            Optional<SmtpReply> reply,
            String remote,
            String tls,
            boolean relayed,
            Optional<Failure> failure) {
        this(
                id,
                record,
                positions,
                recipients,
                sender,
                kind,
                at,
                acceptedAt,
                attempt,
                worker,
                destination,
                reason,
                reply,
                remote,
                tls,
                relayed,
                failure,
                0,
                Optional.empty());
    }

    /// The same, with the action that decided it.
    public Outcome noting(String why) {
        return new Outcome(
                id,
                record,
                positions,
                recipients,
                sender,
                kind,
                at,
                acceptedAt,
                attempt,
                worker,
                destination,
                reason,
                reply,
                remote,
                tls,
                relayed,
                failure,
                crashes,
                deadline,
                why);
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
            return this == DELIVERED || this == FAILED || this == CANCELLED;
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
}
