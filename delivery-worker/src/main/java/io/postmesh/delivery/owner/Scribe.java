package io.postmesh.delivery.owner;

import io.postmesh.contract.Envelope;
import io.postmesh.contract.Outcome;
import io.postmesh.contract.Topics;
import io.postmesh.contract.Waiting;
import io.postmesh.runtime.kafka.InRecord;
import io.postmesh.runtime.kafka.Quarantine;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/// Writes down what happened, in the one order that a crash at any point cannot hurt (LEDGER L6 to L8).
final class Scribe {
    private final Desk desk;
    private final Ledger ledger;
    private final Book book;
    private final Crew crew;
    private final Shelf shelf;
    private final Lines lines;

    Scribe(Desk desk, Ledger ledger, Book book, Crew crew, Shelf shelf) {
        this.desk = desk;
        this.ledger = ledger;
        this.book = book;
        this.crew = crew;
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

    /// L7: the finals; then the state without them, or its tombstone; then the deferrals; only then is anything
    /// finished.
    void write(Letter letter, Settlement settlement) throws InterruptedException {
        writeFinals(letter, settlement);
        if (crew.isGone()) return;
        if (settlement.waits().isEmpty()) {
            leaveRoom(letter);
        } else {
            var state = writeState(letter, settlement);
            writeAll(letter, settlement, settlement.waits());
            book.seated(state); // not before: the next attempt's note must not stand before this one's result
        }
        book.closed(letter);
        shelf.remove(letter);
    }

    /// Recipients that were here before: said once, then nothing holds the record on their account (L18).
    void drop(Envelope envelope, Book.Admission admission, List<Header> trace) throws InterruptedException {
        var line = lines.dropped(envelope, admission.repeated(), desk.clock().instant());
        ledger.await(ledger.begin(line, trace));
        report(line);
        if (admission.fresh().isEmpty()) book.release(admission.claim());
    }

    /// A record that is none: kept for an operator, and the partition goes on.
    void quarantine(ConsumerRecord<byte[], byte[]> record, String reason, Book.Claim claim)
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
        said.forEach(this::report);
        return offsets;
    }

    private void leaveRoom(Letter letter) throws InterruptedException {
        if (!(letter.source() instanceof Letter.Source.Waited(var state, var bodyKey))) return;
        ledger.forget(letter, state.record());
        book.left(state.record());
        ledger.forgetBody(bodyKey);
    }

    // The whole mail first, once; then the state that names its offset (L8).
    private Waiting writeState(Letter letter, Settlement settlement) throws InterruptedException {
        long body = switch (letter.source()) {
            case Letter.Source.Arrived _ -> ledger.writeBody(letter);
            case Letter.Source.Waited waited -> waited.state().bodyOffset();
        };
        var state = Lines.state(letter, settlement, body);
        ledger.write(letter, state);
        return state;
    }

    private void report(Outcome line) {
        desk.meters().happened(line);
        ResultLine.log(line);
    }
}
