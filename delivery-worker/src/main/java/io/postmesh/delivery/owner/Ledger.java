package io.postmesh.delivery.owner;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postmesh.contract.LedgerCodec;
import io.postmesh.contract.Outcome;
import io.postmesh.contract.RecordId;
import io.postmesh.contract.Topics;
import io.postmesh.contract.Waiting;
import io.postmesh.runtime.kafka.NotWritten;
import io.postmesh.runtime.kafka.OutRecord;
import io.postmesh.runtime.kafka.Written;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The writes of one owner to its partition. Each blocks its (virtual) thread until Kafka has it, however long that
/// takes: what happened must be written (LEDGER L9).
final class Ledger {
    private static final Logger log = LoggerFactory.getLogger(Ledger.class);

    /// No new attempt starts while a write is older (L9).
    private static final Duration BEHIND = Duration.ofSeconds(2);

    private static final Duration PAUSE = Duration.ofMillis(50);

    /// Who knows whether state and body are ours to write (L13, L15).
    @FunctionalInterface
    interface Keeper {
        /// Waits until that is known.
        boolean keepsState() throws InterruptedException;
    }

    private final LedgerLog out;
    private final int partition;
    private final int epoch;
    private final ReplayPositions positions;
    private final Keeper keeper;

    Ledger(LedgerLog out, int partition, int epoch, ReplayPositions positions, Keeper keeper) {
        this.out = out;
        this.partition = partition;
        this.epoch = epoch;
        this.positions = positions;
        this.keeper = keeper;
    }

    static boolean isBehind(LedgerLog out) {
        return out.oldestInFlight().compareTo(BEHIND) > 0;
    }

    boolean isBehind() {
        return isBehind(out);
    }

    /// A write on its way.
    record Pending(OutRecord record, CompletableFuture<Written> written) {}

    /// Sends without waiting, so that the acknowledgement overlaps the dialogue (L6), or another write.
    Pending begin(Letter letter, Outcome outcome) {
        positions.writing(letter, Topics.OUTCOMES);
        return send(Topics.OUTCOMES, utf8(outcome.id().text()), LedgerCodec.encode(outcome), letter.trace());
    }

    /// An outcome that belongs to no letter: nobody waits for what follows it.
    Pending begin(Outcome outcome, List<Header> trace) {
        return send(Topics.OUTCOMES, utf8(outcome.id().text()), LedgerCodec.encode(outcome), trace);
    }

    /// Returns the offset once Kafka has it.
    long await(Pending pending) throws InterruptedException {
        var written = pending.written();
        for (int tries = 1; ; tries++) {
            try {
                var at = written.get();
                positions.wrote(at.topic(), at.offset());
                return at.offset();
            } catch (ExecutionException e) {
                reconsider(e.getCause(), pending.record(), tries);
                written = out.send(pending.record());
            }
        }
    }

    /// Its index is told after it; until then the next owner must read it (L11).
    void write(Waiting state) throws InterruptedException, LeaseLost {
        positions.writing(state.record(), Topics.WAITING);
        await(sendState(Topics.WAITING, utf8(state.record().text()), LedgerCodec.encode(state), List.of()));
    }

    /// The tombstone of a state. State first, then body: a body without state is swept, a state without body would be a
    /// loss (L8).
    void forget(RecordId record) throws InterruptedException, LeaseLost {
        positions.writing(record, Topics.WAITING);
        await(sendState(Topics.WAITING, utf8(record.text()), null, List.of()));
    }

    /// @return offset in `mail.waiting.bodies`
    long writeBody(Letter letter) throws InterruptedException, LeaseLost {
        return await(sendState(
                Topics.WAITING_BODIES, new BodyKey(letter.key(), epoch).octets(), letter.value(), letter.trace()));
    }

    void forgetBody(byte[] key) throws InterruptedException, LeaseLost {
        await(sendState(Topics.WAITING_BODIES, key, null, List.of()));
    }

    /// For an operator to look at; in no partition of ours.
    void quarantine(OutRecord record) throws InterruptedException {
        await(new Pending(record, out.send(record)));
    }

    // L13: the lease is looked at before every write of state or body.
    private Pending sendState(Topics topic, byte[] key, byte @Nullable [] value, List<Header> trace)
            throws InterruptedException, LeaseLost {
        if (!keeper.keepsState()) throw new LeaseLost();
        return send(topic, key, value, trace);
    }

    private Pending send(Topics topic, byte[] key, byte @Nullable [] value, List<Header> trace) {
        var headers = new ArrayList<>(trace);
        headers.add(Epochs.header(epoch));
        var record = new OutRecord(topic, partition, key, value, headers);
        return new Pending(record, out.send(record));
    }

    // Full is only a moment. A refusal is a fault of the set-up: the letter stays open until somebody mends it.
    private static void reconsider(@Nullable Throwable why, OutRecord record, int tries) throws InterruptedException {
        if (!(why instanceof NotWritten not)) throw new IllegalStateException("a writer fails with NotWritten", why);
        switch (not.why()) {
            case CLOSED, UNSURE -> throw new InterruptedException("the writer stopped");
            case FULL -> Thread.sleep(PAUSE);
            case REFUSED -> {
                if (tries % 20 == 1)
                    log.error("{} is refused: {}", record.topic().topic(), not.getMessage());
                Thread.sleep(PAUSE.multipliedBy(Math.min(tries, 100)));
            }
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }
}
