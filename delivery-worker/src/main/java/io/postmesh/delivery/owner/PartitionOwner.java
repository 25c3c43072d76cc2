package io.postmesh.delivery.owner;

import io.postmesh.contract.Answer;
import io.postmesh.contract.BadRecord;
import io.postmesh.contract.Clearance;
import io.postmesh.contract.MailRecord;
import io.postmesh.contract.Outcome;
import io.postmesh.contract.Reason;
import io.postmesh.contract.Recipient;
import io.postmesh.contract.RecordCodec;
import io.postmesh.contract.RecordId;
import io.postmesh.contract.Waiting;
import io.postmesh.delivery.control.Order;
import io.postmesh.delivery.control.Standing;
import io.postmesh.delivery.outcome.Checkpoints;
import io.postmesh.delivery.outcome.Report;
import io.postmesh.delivery.outcome.Result;
import io.postmesh.delivery.waiting.RetrySchedule;
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
    private static final String GUILTY = "its worker died over it twice, and then while it was attempted alone";

    private final int partition;
    private final int epoch;
    private final Desk desk;
    private final Book book;
    private final Shelf shelf;
    private final Crew crew;
    private final Scribe scribe;
    private final Returns returns;
    private final Heed heed;
    private final Steward steward;
    private final Custody custody = new Custody();
    private final Object order = new Object(); // what arrives and what is told of it are taken in one after the other
    private final long outcomesEnd;
    private final long waitingEnd;
    private final BodySweep sweep;
    private final Gathering gathering;
    private final Later later;
    private final String topicId;

    PartitionOwner(int partition, Inheritance left, Desk desk) {
        this.partition = partition;
        this.epoch = left.epoch();
        this.desk = desk;
        this.book = new Book(left);
        this.shelf = new Shelf(desk.budget());
        this.crew = new Crew(desk.side(), desk.lease(), desk.meters()::stuck);
        var ledger = new Ledger(desk.log(), partition, epoch, left.positions(), crew::keepsState);
        this.later = new Later(crew);
        this.scribe = new Scribe(desk, ledger, book, shelf, later);
        this.returns = new Returns(partition, desk, book, shelf, crew, scribe, this::dispatch);
        this.heed = new Heed(desk.orders(), desk.clock());
        this.steward = new Steward(this, desk, book, new Steward.Hands(shelf, crew, custody, returns, scribe));
        this.outcomesEnd = left.outcomesEnd();
        this.waitingEnd = left.waitingEnd();
        this.topicId = left.topicId();
        this.sweep = new BodySweep(partition, epoch, desk, ledger, book, crew);
        this.gathering = new Gathering(partition, desk, book, crew, left.rest(), this::gathered);
        left.overruled().forEach(this::overruled);
        desk.control().follow(steward);
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
        synchronized (order) {
            book.admit(mail.envelope(), claim)
                    .ifPresentOrElse(
                            admission -> admitted(admission, mail, record, claim), () -> postpone(mail, record, claim));
        }
    }

    // It may be waiting here already, and whether it does is not known yet (L17). Its octets count all the same.
    private void postpone(MailRecord mail, ConsumerRecord<byte[], byte[]> record, Book.Claim claim) {
        int octets = record.value().length;
        shelf.hold(octets);
        desk.meters().postponed();
        later.arrival(() -> {
            shelf.release(octets);
            admit(mail, record, claim);
        });
    }

    private void admitted(
            Book.Admission admission, MailRecord mail, ConsumerRecord<byte[], byte[]> record, Book.Claim claim) {
        var id = mail.envelope().id();
        var trace = trace(record.headers());
        if (!admission.repeated().isEmpty() && !admission.again()) {
            crew.workAside(id, () -> scribe.drop(mail.envelope(), admission, trace));
        } else if (admission.fresh().isEmpty()) {
            book.release(claim);
        }
        for (var group : admission.fresh()) {
            var letter = shelf.put(new Letter(
                    group.key(),
                    mail,
                    record.value(),
                    new StoredBody(mail, desk.blobs()),
                    group.recipients(),
                    group.attempts(),
                    group.crashes(),
                    new Letter.Source.Arrived(claim),
                    trace));
            // L15: another worker is past its dot with it.
            group.until()
                    .ifPresentOrElse(until -> custody.keep(letter, Custody.patience(until)), () -> dispatch(letter));
        }
    }

    /// What is left of a letter whose turn has come (LEDGER L16).
    Optional<Letter> stillOpen(Letter letter) throws InterruptedException, LeaseLost {
        var open = book.stillOpen(letter);
        if (open.size() == letter.recipients().size()) return Optional.of(letter);
        if (!open.isEmpty()) return Optional.of(letter.with(open));
        scribe.finish(letter);
        return Optional.empty();
    }

    /// Another worker wrote this line (L15, L16). Never waits.
    void told(Outcome line, long offset) {
        switch (line.kind()) {
            case DELIVERED, FAILED, CANCELLED -> {
                synchronized (order) {
                    book.finalElsewhere(line.id(), line.positions(), offset);
                    release(line);
                }
                crew.workAside(line.id(), () -> scribe.settledElsewhere(line.record()));
            }
            case DEFERRED -> {
                synchronized (order) {
                    book.putOffElsewhere(line.id(), line.positions());
                    release(line);
                }
                putOffElsewhere(line);
            }
            case ATTEMPTED, HANDED_OVER, DROPPED_DUPLICATE -> {}
        }
    }

    private void putOffElsewhere(Outcome line) {
        if (book.awaited(line.id(), line.positions()).isEmpty()) return;
        if (line.reason() == Reason.SHUTDOWN) {
            book.beyondDoubt(line.id(), line.positions());
            book.callSooner(line.record(), desk.clock().instant());
        } else {
            crew.workAside(line.id(), () -> scribe.putOffElsewhere(line, state -> due(state, line)));
        }
    }

    private Instant due(Waiting state, Outcome said) {
        var now = desk.clock().instant();
        return switch (desk.schedule()
                .after(said.by().attempt(), state.acceptedAt(), now, ThreadLocalRandom.current())) {
            case RetrySchedule.TryAgain(var at) -> at;
            case RetrySchedule.GiveUp _ -> now; // once more, and then it is told so
        };
    }

    private void release(Outcome line) {
        for (var released : custody.told(line)) crew.workAside(line.id(), () -> adopt(released));
    }

    private void adopt(Custody.Released released) throws InterruptedException, LeaseLost {
        var putOff = released.putOff();
        if (putOff.results().isEmpty()) {
            scribe.finish(released.letter());
            return;
        }
        var some = putOff.results().stream().map(Result::recipient).toList();
        var letter = released.letter().with(some).beforeTheAttempt();
        if (Settlement.isVoid(putOff)) dispatch(letter);
        else scribe.adopt(letter, after(putOff, letter));
    }

    /// A former owner wrote about this record after its time (L16). Never waits.
    ///
    /// @param offset in `mail.waiting`
    void overruled(RecordId record, long offset) {
        book.late(record, offset);
        overruled(record);
    }

    private void overruled(RecordId record) {
        log.warn(
                "partition {}: a former owner wrote a state of {} after its time; it is written over",
                partition,
                record);
        crew.workAside(record, () -> scribe.mend(record));
    }

    // Everybody who waits is known. Some of them were settled long ago, or a former owner wrote of them after its time.
    private void gathered(Gathering.Found found) {
        found.overruled().forEach(this::overruled);
        for (var record : found.settled()) crew.workAside(record, () -> scribe.settledElsewhere(record));
    }

    int epoch() {
        return epoch;
    }

    /// What others write is to be told from here on.
    void follow(Tail tail) {
        tail.follow(partition, this, outcomesEnd, waitingEnd);
    }

    private void dispatch(Letter letter) {
        if (letter.isGuilty()) {
            log.error(
                    "{} is quarantined: its worker died over it {} times",
                    letter.envelope().id(),
                    letter.crashes());
            crew.workAside(letter.envelope().id(), () -> scribe.quarantine(letter, GUILTY));
            return;
        }
        switch (heed.on(letter)) {
            case Order.Go go -> go(letter.heeding(go.heeded()), go.isReleased());
            case Order.Wait(var until, var heeded) -> suspend(letter.heeding(heeded), until);
            case Order.Hold(var by, var _) -> settle(letter, Settlement.held(letter, by));
            case Order.End(var by) -> crew.workAside(letter.envelope().id(), () -> end(letter, by));
        }
    }

    private void go(Letter letter, boolean released) {
        var clearance = letter.envelope().clearance().orElseThrow();
        if (!released && !letter.waited() && isHeld(clearance, desk.clock().instant())) {
            var reason = clearance.notBefore().isPresent() ? Reason.LIMIT : Reason.HELD;
            settle(letter, Settlement.parked(letter, reason, clearance.notBefore()));
        } else {
            desk.lanes().enqueue(new Trip(this, letter));
        }
    }

    // What waited before only waits on: that its kind is suspended every owner knows.
    private void suspend(Letter letter, Instant until) {
        if (desk.schedule().isOver(letter.envelope().acceptedAt(), desk.clock().instant())) {
            settle(letter, Settlement.expired(letter));
            return;
        }
        switch (letter.source()) {
            case Letter.Source.Arrived _ ->
                settle(letter, Settlement.parked(letter, Reason.SUSPENDED, Optional.of(until)));
            case Letter.Source.Waited waited -> backToItsSeat(letter, waited.state(), until);
        }
    }

    private void backToItsSeat(Letter letter, Waiting state, Instant due) {
        shelf.remove(letter);
        if (!book.recalled(letter, state.record(), due)) overruled(state.record());
    }

    // Only while the partition is surely ours: somebody else may be talking to the remote by now.
    private void end(Letter letter, Standing by) throws InterruptedException, LeaseLost {
        if (!crew.keepsState()) throw new LeaseLost();
        var still = stillOpen(letter);
        if (still.isEmpty()) return;
        var open = still.get();
        var picked = heed.picked(by, open.envelope(), open.recipients());
        var rest = open.recipients().stream().filter(to -> !picked.contains(to)).toList();
        if (picked.isEmpty()) {
            dispatch(open);
            return;
        }
        var settlement = Settlement.ended(open, picked, by);
        if (rest.isEmpty()) {
            scribe.write(open, settlement);
        } else {
            scribe.endSome(open, settlement);
            dispatch(open.with(rest));
        }
    }

    boolean mayGo(Letter letter) {
        return heed.mayGo(letter);
    }

    Order on(Letter letter) {
        return heed.on(letter);
    }

    /// Its time has come, or an operator means it: what is to become of it now.
    void dispatchAgain(Letter letter) {
        dispatch(letter);
    }

    private static boolean isHeld(Clearance clearance, Instant now) {
        if (clearance.notBefore().isPresent())
            return clearance.notBefore().get().isAfter(now);
        return clearance.holdReason().isPresent();
    }

    /// Its lane has no place for it (LEDGER L12). What waited before only waits on: there is nothing new to write.
    void turnedAway(Letter letter, Reason reason, Instant notBefore) {
        if (!mayGo(letter)) {
            dispatch(letter);
            return;
        }
        if (desk.schedule().isOver(letter.envelope().acceptedAt(), desk.clock().instant())) {
            settle(letter, Settlement.expired(letter));
            return;
        }
        switch (letter.source()) {
            case Letter.Source.Arrived _ -> settle(letter, Settlement.parked(letter, reason, Optional.of(notBefore)));
            case Letter.Source.Waited waited -> backToItsSeat(letter, waited.state(), notBefore);
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
    void conclude(Letter letter, Attempt attempt, Report report) throws InterruptedException, LeaseLost {
        if (Settlement.isVoid(report)) {
            if (attempt.isNoted()) scribe.notSent(letter);
            if (crew.owns() && !mayGo(letter)) dispatch(letter);
            else again(letter);
        } else if (attempt.isHandedOver()) {
            scribe.writeResults(letter, after(report, letter)); // L15
        } else {
            scribe.write(letter, after(report, letter));
        }
    }

    private Settlement after(Report report, Letter letter) {
        var now = desk.clock().instant();
        return heed.amend(Settlement.after(report, letter, desk.schedule(), now, ThreadLocalRandom.current()), letter);
    }

    private void again(Letter letter) {
        if (crew.owns()) {
            CompletableFuture.delayedExecutor(AGAIN.toMillis(), TimeUnit.MILLISECONDS)
                    .execute(() -> desk.lanes().enqueue(new Trip(this, letter)));
        }
    }

    /// Time has passed.
    void tick() {
        if (!crew.owns()) return;
        custody.overdue(desk.clock().instant()).forEach(this::inDoubt);
        returns.tick();
        steward.tick();
        gathering.tick();
        if (book.isWhole()) later.now();
        sweep.tick();
    }

    // Its worker's time is over, and nobody will write the result any more (L15, L19).
    private void inDoubt(Letter letter) {
        var places = letter.recipients().stream().map(Recipient::position).toList();
        desk.meters().doubted(book.overdue(letter.envelope().id(), places));
        dispatch(letter);
    }

    /// What to commit. When the list of finished offsets is full, whoever has not started waits elsewhere, so that the
    /// low watermark moves on (L12).
    Book.Commit commit() {
        var commit = book.commit(epoch);
        if (!commit.bookmark().runs().whole()) desk.lanes().turnAway(this);
        book.mark(topicId, epoch, desk.clock().instant());
        return commit;
    }

    /// How many wait in this place, as of the last look.
    long queued(Answer.Place place) {
        return steward.queued(place);
    }

    /// Whether everybody who waits is known.
    boolean isWhole() {
        return book.isWhole();
    }

    int waiting() {
        return book.waiting();
    }

    /// The partition goes to somebody else: no new attempts, and those before their dot end (L14).
    void leave() {
        desk.control().leave(steward);
        crew.leave();
        desk.lanes().withdraw(this);
    }

    /// Says of each attempt past its dot that its result is still to come from here (L14). The notes are on their way.
    List<Ledger.Pending> handOver(Instant deadline) {
        return crew.handOver(deadline);
    }

    /// The partition is somebody else's already.
    void gone() {
        desk.control().leave(steward);
        crew.gone();
        desk.lanes().withdraw(this);
        gathering.end();
        book.close();
    }

    static List<Header> trace(Headers headers) {
        var header = headers.lastHeader(Trace.HEADER);
        return header == null ? List.of() : List.of(header);
    }
}
