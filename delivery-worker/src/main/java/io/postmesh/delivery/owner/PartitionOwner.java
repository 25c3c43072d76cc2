package io.postmesh.delivery.owner;

import io.postmesh.contract.BadRecord;
import io.postmesh.contract.Clearance;
import io.postmesh.contract.MailRecord;
import io.postmesh.contract.Reason;
import io.postmesh.contract.Recipient;
import io.postmesh.contract.RecordCodec;
import io.postmesh.contract.RecordId;
import io.postmesh.delivery.outcome.Checkpoints;
import io.postmesh.delivery.outcome.Report;
import io.postmesh.runtime.trace.Trace;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One partition in this worker's hands: what arrives is admitted and gets a turn, what comes of it is written down.
final class PartitionOwner {
    private static final Logger log = LoggerFactory.getLogger(PartitionOwner.class);
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final int partition;
    private final int epoch;
    private final Desk desk;
    private final Book book;
    private final Shelf shelf;
    private final Crew crew;
    private final Scribe scribe;
    private final Returns returns;
    private final BodySweep sweep;

    PartitionOwner(int partition, Inheritance left, Desk desk) {
        this.partition = partition;
        this.epoch = left.epoch();
        this.desk = desk;
        this.book = new Book(left);
        this.shelf = new Shelf(desk.budget());
        this.crew = new Crew(desk.side(), desk.meters()::stuck);
        var ledger = new Ledger(desk.log(), partition, epoch, left.positions());
        this.scribe = new Scribe(desk, ledger, book, crew, shelf);
        this.returns = new Returns(partition, desk, book, shelf, crew, this::dispatch);
        this.sweep = new BodySweep(partition, left, desk, ledger, book, crew);
    }

    /// Takes in a record of `mail.signed`. Called in order by the reader; never waits.
    void arrived(ConsumerRecord<byte[], byte[]> record) {
        var claim = book.arrives(record.offset());
        if (claim.isEmpty()) return;
        try {
            admit(mail(record.value()), record, claim.get());
        } catch (BadRecord poison) {
            var reason = String.valueOf(poison.getMessage());
            log.error("{}-{}@{} is quarantined: {}", record.topic(), partition, record.offset(), reason);
            crew.workAside(record.topic(), () -> scribe.quarantine(record, reason, claim.get()));
        } catch (RuntimeException bug) {
            // It stays open and its offset unfinished, so the next owner gets it; the others go on.
            log.error("{}-{}@{} is stuck: {}", record.topic(), partition, record.offset(), bug.toString(), bug);
            desk.meters().stuck();
        }
    }

    /// The reader stands here: transaction markers before it will not arrive.
    void passed(long position) {
        book.passed(position);
    }

    int partition() {
        return partition;
    }

    Shelf shelf() {
        return shelf;
    }

    static MailRecord mail(byte @Nullable [] value) throws BadRecord {
        if (value == null) throw new BadRecord("a record without a value");
        var mail = RecordCodec.decode(value);
        if (mail.envelope().clearance().isEmpty()) throw new BadRecord("mail that policy has not cleared");
        return mail;
    }

    private void admit(MailRecord mail, ConsumerRecord<byte[], byte[]> record, Book.Claim claim) {
        var admission = book.admit(mail.envelope(), claim);
        var id = mail.envelope().id();
        var trace = trace(record.headers());
        if (!admission.repeated().isEmpty() && !admission.again()) {
            crew.workAside(id, () -> scribe.drop(mail.envelope(), admission, trace));
        } else if (admission.fresh().isEmpty()) {
            book.release(claim);
        }
        if (admission.fresh().isEmpty()) return;
        var key = RecordId.of(
                id, admission.fresh().stream().mapToInt(Recipient::position).toArray());
        dispatch(shelf.put(new Letter(
                key,
                mail,
                record.value(),
                new StoredBody(mail, desk.blobs()),
                admission.fresh(),
                admission.attempts(),
                new Letter.Source.Arrived(claim),
                trace)));
    }

    private void dispatch(Letter letter) {
        var clearance = letter.envelope().clearance().orElseThrow();
        if (!letter.waited() && isHeld(clearance, desk.clock().instant())) {
            var reason = clearance.notBefore().isPresent() ? Reason.LIMIT : Reason.HELD;
            settle(letter, Settlement.parked(letter, reason, clearance.notBefore()));
        } else {
            desk.lanes().enqueue(new Trip(this, letter));
        }
    }

    private static boolean isHeld(Clearance clearance, Instant now) {
        if (clearance.notBefore().isPresent())
            return clearance.notBefore().get().isAfter(now);
        return clearance.holdReason().isPresent();
    }

    /// Its lane has no place for it (LEDGER L12). What waited before only waits on: there is nothing new to write.
    void turnedAway(Letter letter, Reason reason, Instant notBefore) {
        if (desk.schedule().isOver(letter.envelope().acceptedAt(), desk.clock().instant())) {
            settle(letter, Settlement.expired(letter));
            return;
        }
        switch (letter.source()) {
            case Letter.Source.Arrived _ -> settle(letter, Settlement.parked(letter, reason, Optional.of(notBefore)));
            case Letter.Source.Waited waited -> {
                book.recalled(letter, waited.state().record(), notBefore);
                shelf.remove(letter);
            }
        }
    }

    private void settle(Letter letter, Settlement settlement) {
        crew.workAside(letter.envelope().id(), () -> scribe.write(letter, settlement));
    }

    Report carry(Letter letter, Checkpoints checkpoints) {
        return desk.courier().carry(letter.job(), checkpoints);
    }

    Crew crew() {
        return crew;
    }

    Scribe scribe() {
        return scribe;
    }

    /// An attempt is over.
    void conclude(Letter letter, Report report) throws InterruptedException {
        if (!Settlement.isVoid(report)) {
            var now = desk.clock().instant();
            scribe.write(letter, Settlement.after(report, letter, desk.schedule(), now, ThreadLocalRandom.current()));
        } else if (crew.owns()) {
            CompletableFuture.delayedExecutor(AGAIN.toMillis(), TimeUnit.MILLISECONDS)
                    .execute(() -> desk.lanes().enqueue(new Trip(this, letter)));
        }
    }

    /// Time has passed.
    void tick() {
        if (!crew.owns()) return;
        returns.tick();
        sweep.tick();
    }

    /// What to commit. When the list of finished offsets is full, whoever has not started waits elsewhere, so that the
    /// low watermark moves on (L12).
    Book.Commit commit() {
        var commit = book.commit(epoch);
        if (!commit.bookmark().runs().whole()) desk.lanes().turnAway(this);
        return commit;
    }

    int waiting() {
        return book.waiting();
    }

    /// The partition goes to somebody else: no new attempts (a part of L14). What is on its way is the crew's to end.
    void leave() {
        crew.leave();
        desk.lanes().withdraw(this);
    }

    /// The partition is somebody else's already.
    void gone() {
        crew.gone();
        desk.lanes().withdraw(this);
    }

    static List<Header> trace(Headers headers) {
        var header = headers.lastHeader(Trace.HEADER);
        return header == null ? List.of() : List.of(header);
    }
}
