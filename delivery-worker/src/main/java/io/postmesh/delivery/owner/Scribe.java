package io.postmesh.delivery.owner;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postmesh.contract.Envelope;
import io.postmesh.contract.Outcome;
import io.postmesh.contract.RecordId;
import io.postmesh.contract.Topics;
import io.postmesh.contract.Waiting;
import io.postmesh.delivery.waiting.WaitingRoom;
import io.postmesh.runtime.kafka.InRecord;
import io.postmesh.runtime.kafka.Quarantine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;

/// Writes down what happened, in the one order that a crash at any point cannot hurt (LEDGER L6 to L8).
final class Scribe {
    private final Desk desk;
    private final Ledger ledger;
    private final Book book;
    private final Shelf shelf;
    private final Lines lines;
    private final Later later;

    Scribe(Desk desk, Ledger ledger, Book book, Shelf shelf, Later later) {
        this.later = later;
        this.desk = desk;
        this.ledger = ledger;
        this.book = book;
        this.shelf = shelf;
        this.lines = new Lines(desk.worker());
    }

    /// No new attempt starts while a write is old (L9).
    boolean isBehind() {
        return ledger.isBehind();
    }

    Ledger.Pending note(Letter letter) {
        desk.meters().attempted();
        return ledger.begin(letter, lines.attempted(letter, desk.clock().instant()));
    }

    /// Waits for a note; false when this worker stops.
    boolean isWritten(Ledger.Pending note) {
        try {
            ledger.await(note);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// Another note of the same attempt, with a crash less (L19). Nobody waits for it.
    void acquit(Letter letter) {
        ledger.begin(letter, lines.attempted(letter.acquitted(), desk.clock().instant()));
    }

    /// On its way before anything of the result is (L14).
    Ledger.Pending handOver(Letter letter, Instant deadline) {
        desk.meters().handedOver();
        return ledger.begin(
                letter, lines.handedOver(letter, deadline, desk.clock().instant()));
    }

    /// A noted attempt that ended before its dot, so that nobody is in doubt about it (L14).
    void notSent(Letter letter) throws InterruptedException {
        ledger.await(ledger.begin(letter, lines.notSent(letter, desk.clock().instant())));
    }

    /// L7: the finals; then the state without them, or its tombstone; then the deferrals; only then is anything
    /// finished. Who lost the partition meanwhile writes the results only (L15).
    void write(Letter letter, Settlement settlement) throws InterruptedException, LeaseLost {
        writeFinals(letter, settlement);
        try {
            conclude(letter, settlement, Whose.OURS);
        } catch (LeaseLost lost) {
            writeAll(letter, settlement, settlement.waits());
            throw lost;
        }
    }

    /// The results of an attempt that was handed over (L15).
    void writeResults(Letter letter, Settlement settlement) throws InterruptedException {
        writeFinals(letter, settlement);
        writeAll(letter, settlement, settlement.waits());
    }

    /// What another worker's attempt, all of whose results are written, leaves to be done (L15).
    void adopt(Letter letter, Settlement settlement) throws InterruptedException, LeaseLost {
        writeFinals(letter, settlement); // it may be time to give up
        conclude(letter, settlement, Whose.ANOTHERS);
    }

    private enum Whose {
        OURS,
        ANOTHERS
    }

    private void conclude(Letter letter, Settlement whole, Whose deferrals) throws InterruptedException, LeaseLost {
        var id = letter.envelope().id();
        var settlement = whole.waitingOnly(to -> !book.isFinal(id, to.position()));
        if (settlement.waits().isEmpty()) {
            leaveRoom(letter);
        } else {
            var state = writeState(letter, settlement);
            if (deferrals == Whose.OURS) writeAll(letter, settlement, settlement.waits());
            book.seated(state); // not before: the next attempt's note must not stand before this one's result
        }
        close(letter);
    }

    /// Nothing about this letter remains to be written: all its recipients are settled.
    void finish(Letter letter) throws InterruptedException, LeaseLost {
        leaveRoom(letter);
        close(letter);
    }

    private void close(Letter letter) throws InterruptedException, LeaseLost {
        shelf.remove(letter);
        if (!book.closed(letter)) mend(letter.key());
    }

    /// Writes over what a former owner wrote after its time (L16).
    void mend(RecordId record) throws InterruptedException, LeaseLost {
        if (!book.reserve(record)) return; // its letter ends with this
        switch (book.seat(record)) {
            case WaitingRoom.Seat.Taken(var state) -> ledger.write(state);
            case WaitingRoom.Seat.Free _ -> ledger.forget(record);
            case WaitingRoom.Seat.Unknown _ -> later.work(record, () -> mend(record));
        }
        if (!book.freed(record)) mend(record);
    }

    /// Who waits and was settled by another worker waits no more (L16).
    void settledElsewhere(RecordId record) throws InterruptedException, LeaseLost {
        if (!book.isWhole()) later.work(record, () -> settledElsewhere(record)); // it may wait, unknown to us
        if (!book.reserveSeat(record)) return;
        if (book.seat(record) instanceof WaitingRoom.Seat.Taken(var state)) shrink(state);
        if (!book.freed(record)) mend(record);
    }

    private void shrink(Waiting state) throws InterruptedException, LeaseLost {
        var open = state.positions().stream()
                .filter(position -> !book.isFinal(state.id(), position))
                .toList();
        if (open.size() == state.positions().size()) return;
        if (open.isEmpty()) {
            ledger.forget(state.record());
            book.left(state.record()); // its body is swept
        } else {
            var rest = Lines.state(state, open);
            ledger.write(rest);
            book.revised(rest);
        }
    }

    /// Somebody who waits gets another state by an operator's will.
    ///
    /// @return false when it does not wait, or its letter is on its way
    boolean revise(RecordId record, UnaryOperator<Waiting> change) throws InterruptedException, LeaseLost {
        var seat = book.takeSeat(record);
        if (seat.isEmpty()) return false;
        var state = change.apply(seat.get());
        ledger.write(state);
        book.revised(state);
        if (!book.freed(record)) mend(record);
        return true;
    }

    /// An operator ended it for some of its recipients; it goes on for the others.
    void endSome(Letter letter, Settlement settlement) throws InterruptedException {
        writeFinals(letter, settlement);
    }

    /// Another worker's attempt for somebody who waits was put off (L15).
    void putOffElsewhere(Outcome line, Function<Waiting, Instant> due) throws InterruptedException, LeaseLost {
        var record = line.record();
        if (!book.reserveSeat(record)) return;
        if (book.seat(record) instanceof WaitingRoom.Seat.Taken(var seat)
                && book.awaited(line.id(), line.positions()).isPresent()) {
            var state = Lines.state(seat, line, Optional.of(due.apply(seat)));
            ledger.write(state);
            book.seated(state);
        }
        if (!book.freed(record)) mend(record);
    }

    /// Its worker died while no other suspect was on its way (L19): an operator's, with all it is made of. Quarantine
    /// first, so
    /// that it is always somewhere.
    void quarantine(Letter letter, String reason) throws InterruptedException, LeaseLost {
        ledger.quarantine(Quarantine.of(asRead(letter), "delivery", reason));
        var line = lines.quarantined(letter, desk.clock().instant());
        long offset = ledger.await(ledger.begin(letter, line));
        desk.meters().condemned();
        report(line, letter.trace());
        book.finalised(letter, letter.recipients(), offset); // not done, but nobody here attempts it again
        finish(letter);
    }

    private static InRecord asRead(Letter letter) {
        return switch (letter.source()) {
            case Letter.Source.Arrived(var claim, var _) -> asRead(letter, Topics.SIGNED, claim.offset());
            case Letter.Source.Waited waited ->
                asRead(letter, Topics.WAITING_BODIES, waited.state().bodyOffset());
        };
    }

    private static InRecord asRead(Letter letter, Topics topic, long offset) {
        var envelope = letter.envelope();
        int partition = envelope.clearance().orElseThrow().partition();
        long accepted = envelope.acceptedAt().toEpochMilli();
        var key = envelope.id().text().getBytes(UTF_8);
        return new InRecord(topic, partition, offset, accepted, key, letter.value(), new RecordHeaders());
    }

    /// Recipients that were here before: said once, then nothing holds the record on their account (L18).
    void drop(Envelope envelope, Admission admission, List<Header> trace) throws InterruptedException {
        var line = lines.dropped(envelope, admission.repeated(), desk.clock().instant());
        ledger.await(ledger.begin(line, trace));
        report(line, trace);
        if (admission.fresh().isEmpty()) book.release(admission.claim());
    }

    /// A record that is none: kept for an operator, and the partition goes on.
    void quarantine(ConsumerRecord<byte[], byte[]> record, String reason, Offsets.Claim claim)
            throws InterruptedException {
        ledger.quarantine(Quarantine.of(InRecord.of(Topics.SIGNED, record), "delivery", reason));
        desk.meters().poisoned();
        book.release(claim);
    }

    private void writeFinals(Letter letter, Settlement settlement) throws InterruptedException {
        var offsets = writeAll(letter, settlement, settlement.finals());
        for (int i = 0; i < offsets.size(); i++) {
            book.finalised(letter, settlement.finals().get(i).recipients(), offsets.get(i));
        }
    }

    // Sent together, awaited one by one: one trip to the disk for all of them.
    private List<Long> writeAll(Letter letter, Settlement settlement, List<Settlement.Share> shares)
            throws InterruptedException {
        var now = desk.clock().instant();
        var said = shares.stream()
                .map(share -> lines.of(letter, settlement, share, now))
                .toList();
        var pending = said.stream().map(line -> ledger.begin(letter, line)).toList();
        var offsets = new ArrayList<Long>();
        for (var write : pending) offsets.add(ledger.await(write));
        said.forEach(line -> report(line, letter.trace()));
        return offsets;
    }

    private void leaveRoom(Letter letter) throws InterruptedException, LeaseLost {
        if (!(letter.source() instanceof Letter.Source.Waited(var state, var bodyKey))) return;
        ledger.forget(state.record());
        book.left(state.record());
        ledger.forgetBody(bodyKey);
    }

    // The whole mail first, once; then the state that names its offset (L8).
    private Waiting writeState(Letter letter, Settlement settlement) throws InterruptedException, LeaseLost {
        long body = switch (letter.source()) {
            case Letter.Source.Arrived _ -> ledger.writeBody(letter);
            case Letter.Source.Waited waited -> waited.state().bodyOffset();
        };
        var state = Lines.state(letter, settlement, body);
        ledger.write(state);
        return state;
    }

    private void report(Outcome line, List<Header> trace) {
        desk.meters().happened(line, trace);
        ResultLine.log(line, trace);
    }
}
