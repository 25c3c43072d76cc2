package io.postmesh.delivery.owner;

import io.postmesh.contract.BadRecord;
import io.postmesh.contract.MailRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Admits what arrives: of each record, those recipients become letters that nobody knows yet (LEDGER L18).
final class Intake {
    private static final Logger log = LoggerFactory.getLogger(Intake.class);

    /// A record that stands for mail.
    private record Arrival(ConsumerRecord<byte[], byte[]> record, MailRecord mail, Offsets.Claim claim) {
        int octets() {
            return record.value().length;
        }
    }

    private final Station at;
    private final Turns turns;
    private final Later later;

    Intake(Station at, Turns turns, Later later) {
        this.at = at;
        this.turns = turns;
        this.later = later;
    }

    /// Takes in a record of `mail.signed`. Called in order by the reader; never waits.
    void arrived(ConsumerRecord<byte[], byte[]> record) {
        var claim = at.book().arrives(record.offset());
        if (claim.isEmpty()) return;
        try {
            admit(new Arrival(record, Signed.mail(record.value()), claim.get()));
        } catch (BadRecord poison) {
            var reason = String.valueOf(poison.getMessage());
            log.error("{}-{}@{} is quarantined: {}", record.topic(), at.partition(), record.offset(), reason);
            at.crew().workAside(record.topic(), () -> at.scribe().quarantine(record, reason, claim.get()));
        } catch (RuntimeException bug) {
            // It stays open and its offset unfinished, so the next owner gets it; the others go on.
            log.error("{}-{}@{} is stuck: {}", record.topic(), at.partition(), record.offset(), bug.toString(), bug);
            at.desk().meters().stuck();
        }
    }

    private void admit(Arrival one) {
        synchronized (at.order()) {
            at.book()
                    .admit(one.mail().envelope(), one.claim())
                    .ifPresentOrElse(admission -> admitted(admission, one), () -> postpone(one));
        }
    }

    // It may be waiting here already, and whether it does is not known yet (L17). Its octets count all the same.
    private void postpone(Arrival one) {
        at.shelf().hold(one.octets());
        at.desk().meters().postponed();
        later.arrival(() -> {
            at.shelf().release(one.octets());
            admit(one);
        });
    }

    private void admitted(Admission admission, Arrival one) {
        var envelope = one.mail().envelope();
        if (!admission.repeated().isEmpty() && !admission.again()) {
            var trace = Signed.trace(one.record().headers());
            at.crew().workAside(envelope.id(), () -> at.scribe().drop(envelope, admission, trace));
        } else if (admission.fresh().isEmpty()) {
            at.book().release(one.claim());
        }
        for (var group : admission.fresh()) {
            var letter = at.shelf().put(letter(group, one, admission.again()));
            // L15: another worker is past its dot with it.
            group.until()
                    .ifPresentOrElse(
                            until -> at.custody().keep(letter, Custody.patience(until)), () -> turns.dispatch(letter));
        }
    }

    private Letter letter(Admission.Group group, Arrival one, boolean again) {
        return new Letter(
                group.key(),
                one.mail(),
                one.record().value(),
                new StoredBody(one.mail(), at.desk().blobs()),
                group.recipients(),
                group.attempts(),
                group.crashes(),
                new Letter.Source.Arrived(one.claim(), again),
                Signed.trace(one.record().headers()));
    }
}
