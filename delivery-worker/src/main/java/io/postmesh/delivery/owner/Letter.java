package io.postmesh.delivery.owner;

import io.postmesh.contract.Envelope;
import io.postmesh.contract.MailRecord;
import io.postmesh.contract.Recipient;
import io.postmesh.contract.RecordId;
import io.postmesh.contract.Traits;
import io.postmesh.contract.Waiting;
import io.postmesh.delivery.lane.Suspicion;
import io.postmesh.delivery.outcome.BodySource;
import io.postmesh.delivery.outcome.Job;
import io.postmesh.mail.SmtpReply;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.header.Header;

/// A record some recipients of which are still to be served: the unit of work of an owner.
///
/// Its key is made from exactly these recipients, or is the one it has been waiting under; no two open letters share
/// one, because a recipient is in one open letter at most.
///
/// @param value    the whole signed record, for `mail.waiting.bodies`
/// @param attempts made before, by this owner or another one
/// @param crashes  workers that died over it (LEDGER L19)
/// @param trace    `traceparent`, handed on
/// @param heeded   actions of `mesh.control` below this offset have been carried out for it
record Letter(
        RecordId key,
        MailRecord mail,
        byte[] value,
        BodySource body,
        List<Recipient> recipients,
        int attempts,
        int crashes,
        Source source,
        List<Header> trace,
        long heeded) {

    /// Where a letter came from, and so what is finished when it is.
    sealed interface Source {
        /// From `mail.signed`.
        ///
        /// @param again a former owner may have read it, too
        record Arrived(Offsets.Claim claim, boolean again) implements Source {}

        /// From the waiting room.
        ///
        /// @param bodyKey of its record in `mail.waiting.bodies`
        record Waited(Waiting state, byte[] bodyKey) implements Source {}
    }

    /// One for which no action has been carried out.
    Letter(
            RecordId key,
            MailRecord mail,
            byte[] value,
            BodySource body,
            List<Recipient> recipients,
            int attempts,
            int crashes,
            Source source,
            List<Header> trace) {
        this(key, mail, value, body, recipients, attempts, crashes, source, trace, 0);
    }

    Letter {
        recipients = List.copyOf(recipients);
    }

    /// Workers that died over it: whoever saw so many deaths is a suspect, and whoever saw one more than those who are
    /// attempted one by one is guilty (L19).
    private static final int SUSPICIOUS = 2;

    private static final int STRONGLY = 3;

    /// For some of its recipients only; the others are settled. Its key stays.
    Letter with(List<Recipient> some) {
        return new Letter(key, mail, value, body, some, attempts, crashes, source, trace, heeded);
    }

    /// As it was before the last attempt that is known of.
    Letter beforeTheAttempt() {
        int before = Math.max(0, attempts - 1);
        return new Letter(key, mail, value, body, recipients, before, crashes, source, trace, heeded);
    }

    /// One death less speaks against it.
    Letter acquitted() {
        return new Letter(key, mail, value, body, recipients, attempts, crashes - 1, source, trace, heeded);
    }

    /// Its actions are carried out, up to there.
    Letter heeding(long now) {
        if (now == heeded) return this;
        return new Letter(key, mail, value, body, recipients, attempts, crashes, source, trace, now);
    }

    /// What operators may select it by, as far as it is still open.
    Traits traits() {
        return Traits.of(envelope(), recipients);
    }

    Suspicion suspicion() {
        if (crashes < SUSPICIOUS) return Suspicion.NONE;
        return crashes < STRONGLY ? Suspicion.SHARED : Suspicion.STRONG;
    }

    /// Its worker died while no other suspect was on its way.
    boolean isGuilty() {
        return crashes > STRONGLY;
    }

    Envelope envelope() {
        return mail.envelope();
    }

    Job job() {
        return new Job(envelope(), mail.headers(), body, recipients, attempts + 1);
    }

    String destination() {
        return envelope().clearance().orElseThrow().destination();
    }

    Optional<SmtpReply> lastReply() {
        return switch (source) {
            case Source.Arrived _ -> Optional.empty();
            case Source.Waited waited -> waited.state().lastReply();
        };
    }

    /// Everybody whom this state names is in it still.
    boolean isWholeOf(Waiting state) {
        return recipients.size() == state.positions().size();
    }

    /// Nobody can have died over it.
    boolean isFresh() {
        return attempts == 0 && source instanceof Source.Arrived(var _, var again) && !again;
    }

    boolean waited() {
        return source instanceof Source.Waited;
    }

    // Letters are told apart by being themselves: comparing mails byte by byte would be dear and mean nothing.
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
