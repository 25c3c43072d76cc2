package io.postmesh.delivery.owner;

import io.postmesh.contract.Answer;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// One partition in this worker's hands, from its take-over until it is somebody else's: who works for it, what is
/// committed of it, and how it is left.
final class PartitionOwner {
    private final Station at;
    private final Turns turns;
    private final Intake intake;
    private final Hearsay hearsay;
    private final Returns returns;
    private final Steward steward;
    private final Later later;
    private final BodySweep sweep;
    private final Gathering gathering;
    private final long outcomesEnd;
    private final long waitingEnd;
    private final String topicId;

    PartitionOwner(int partition, Inheritance left, Desk desk) {
        var book = new Book(left);
        var shelf = new Shelf(desk.budget());
        var crew = new Crew(desk.side(), desk.lease(), desk.meters()::stuck);
        var ledger = new Ledger(desk.log(), partition, left.epoch(), left.positions(), crew::keepsState);
        this.outcomesEnd = left.outcomesEnd();
        this.waitingEnd = left.waitingEnd();
        this.topicId = left.topicId();
        this.later = new Later(crew);
        var scribe = new Scribe(desk, ledger, book, shelf, later);
        this.at = new Station(partition, left.epoch(), desk, book, shelf, crew, scribe, new Custody(), new Object());
        this.turns = new Turns(at);
        this.intake = new Intake(at, turns, later);
        this.hearsay = new Hearsay(at, turns);
        this.returns = new Returns(at, turns);
        this.steward = new Steward(at, turns, returns);
        this.sweep = new BodySweep(partition, left.epoch(), desk, ledger, book, crew);
        this.gathering = new Gathering(partition, desk, book, crew, left.rest(), hearsay::gathered);
        left.overruled().forEach(hearsay::overruled);
        desk.control().follow(steward);
    }

    int partition() {
        return at.partition();
    }

    Shelf shelf() {
        return at.shelf();
    }

    Crew crew() {
        return at.crew();
    }

    /// A record of `mail.signed`. Called in order by the reader; never waits.
    void arrived(ConsumerRecord<byte[], byte[]> record) {
        intake.arrived(record);
    }

    /// The reader stands here: transaction markers before it will not arrive.
    void passed(long position) {
        at.book().passed(position);
    }

    /// What others write is to be told from here on.
    void follow(Tail tail) {
        tail.follow(at.partition(), hearsay, outcomesEnd, waitingEnd);
    }

    /// Time has passed.
    void tick() {
        if (!at.crew().owns()) return;
        hearsay.tick();
        returns.tick();
        steward.tick();
        gathering.tick();
        if (isWhole()) later.now();
        sweep.tick();
    }

    /// What to commit. When the list of finished offsets is full, whoever has not started waits elsewhere, so that the
    /// low watermark moves on (LEDGER L12).
    Book.Commit commit() {
        var commit = at.book().commit(at.epoch());
        if (!commit.bookmark().runs().whole()) turns.turnAway();
        at.book().mark(topicId, at.epoch(), at.desk().clock().instant());
        return commit;
    }

    /// Who waits in this place, as of the last look; what is new and in hand is due.
    Roll.Group queued(Answer.Place place) {
        var counted = steward.roll().queued(place);
        return place == Answer.Place.DUE ? counted.plus(at.shelf().fresh()) : counted;
    }

    /// As of the last look: could be attempted, were we not busy with others.
    long runnable() {
        return steward.roll().runnable();
    }

    /// Whether everybody who waits is known.
    boolean isWhole() {
        return at.book().isWhole();
    }

    int waiting() {
        return at.book().waiting();
    }

    /// The partition goes to somebody else: no new attempts, and those before their dot end (L14).
    void leave() {
        at.desk().control().leave(steward);
        at.crew().leave();
        turns.withdraw();
    }

    /// Says of each attempt past its dot that its result is still to come from here (L14). The notes are on their way.
    List<Ledger.Pending> handOver(Instant deadline) {
        return at.crew().handOver(deadline);
    }

    /// The partition is somebody else's already.
    void gone() {
        at.desk().control().leave(steward);
        at.crew().gone();
        turns.withdraw();
        gathering.end();
        at.book().close();
    }
}
