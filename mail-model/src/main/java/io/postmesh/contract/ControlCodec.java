package io.postmesh.contract;

import com.google.protobuf.InvalidProtocolBufferException;
import io.postmesh.contract.proto.ActionV1;
import io.postmesh.contract.proto.AnswerV1;
import io.postmesh.contract.proto.QueueV1;
import io.postmesh.contract.proto.SeatV1;
import io.postmesh.contract.proto.SelectorV1;
import io.postmesh.mail.MailId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Actions and answers as bytes.
public final class ControlCodec {
    private static final int REPLY_OCTETS = 240;
    private static final int ACTION_OCTETS = 8 << 10; // every owner keeps a thousand of them in memory

    private ControlCodec() {}

    /// @throws IllegalArgumentException when it is larger than an owner takes
    public static byte[] encode(Action a) {
        var bytes = ActionV1.newBuilder()
                .setId(a.id().text())
                .setVerb(a.verb().name())
                .setSelector(selector(a.selector()))
                .setReason(a.reason())
                .setBy(a.by())
                .setForMs(a.lasts().toMillis())
                .setDryRun(a.dryRun())
                .setRate(a.rate())
                .setLimit(a.limit())
                .build()
                .toByteArray();
        if (bytes.length > ACTION_OCTETS)
            throw new IllegalArgumentException(
                    "an action has " + ACTION_OCTETS + " octets at most, this one " + bytes.length);
        return bytes;
    }

    public static Action action(byte @Nullable [] value) throws BadRecord {
        var bytes = BadRecord.unlessThere(value);
        if (bytes.length > ACTION_OCTETS) throw new BadRecord("not an action: " + bytes.length + " octets");
        try {
            var a = ActionV1.parseFrom(bytes);
            return new Action(
                    new ActionId(a.getId()),
                    Action.Verb.valueOf(a.getVerb()),
                    selector(a.getSelector()),
                    a.getReason(),
                    a.getBy(),
                    Duration.ofMillis(a.getForMs()),
                    a.getDryRun(),
                    a.getRate(),
                    a.getLimit());
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            throw new BadRecord("not an action: " + e.getMessage(), e);
        }
    }

    private static SelectorV1 selector(Selector s) {
        var out = SelectorV1.newBuilder().setAll(s.all());
        s.domain().ifPresent(out::setDomain);
        s.sender().ifPresent(who -> out.setSender(who.text()));
        s.rule().ifPresent(out::setRule);
        s.tag().ifPresent(tag -> out.setTag(tag.text()));
        s.id().ifPresent(id -> out.setMailId(id.text()));
        return out.build();
    }

    private static Selector selector(SelectorV1 s) {
        return new Selector(
                s.getAll(),
                EnvelopeProto.text(s.getDomain()),
                EnvelopeProto.text(s.getSender()).map(Selector.Sender::parse),
                EnvelopeProto.text(s.getRule()),
                EnvelopeProto.text(s.getTag()).map(Tag::new),
                EnvelopeProto.text(s.getMailId()).map(MailId::new));
    }

    public static byte[] encode(Answer a) {
        var out = AnswerV1.newBuilder()
                .setActionId(a.action().text())
                .setPartition(a.partition())
                .setWorker(a.worker())
                .setEpoch(a.epoch())
                .setState(a.state().name())
                .setMails(a.count().mails())
                .setRecipients(a.count().recipients())
                .setDone(a.count().done())
                .setInHand(a.count().inHand())
                .setTooLate(a.count().tooLate())
                .setOldestMs(millis(a.count().oldest()))
                .setMore(a.more())
                .setRefusal(a.refusal());
        a.queues().forEach(queue -> out.addQueues(queue(queue)));
        a.seats().forEach(seat -> out.addSeats(seat(seat)));
        return out.build().toByteArray();
    }

    public static Answer answer(byte @Nullable [] value) throws BadRecord {
        var bytes = BadRecord.unlessThere(value);
        try {
            var a = AnswerV1.parseFrom(bytes);
            return new Answer(
                    new ActionId(a.getActionId()),
                    a.getPartition(),
                    a.getWorker(),
                    a.getEpoch(),
                    Answer.State.valueOf(a.getState()),
                    new Answer.Count(
                            a.getMails(),
                            a.getRecipients(),
                            a.getDone(),
                            a.getInHand(),
                            a.getTooLate(),
                            instant(a.getOldestMs())),
                    a.getQueuesList().stream().map(ControlCodec::queue).toList(),
                    a.getSeatsList().stream().map(ControlCodec::seat).toList(),
                    a.getMore(),
                    a.getRefusal());
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            throw new BadRecord("not an answer: " + e.getMessage(), e);
        }
    }

    private static QueueV1 queue(Answer.Queue q) {
        var out = QueueV1.newBuilder()
                .setDestination(q.destination())
                .setWaiting(q.waiting())
                .setHeld(q.held())
                .setSuspended(q.suspended())
                .setDue(q.due())
                .setInHand(q.inHand())
                .setOldestMs(millis(q.oldest()))
                .setReason(q.reason().name())
                .setAttempts(q.attempts());
        q.lastReply().ifPresent(reply -> out.setLastReply(LedgerCodec.reply(reply, REPLY_OCTETS)));
        return out.build();
    }

    private static Answer.Queue queue(QueueV1 q) {
        return new Answer.Queue(
                q.getDestination(),
                q.getWaiting(),
                q.getHeld(),
                q.getSuspended(),
                q.getDue(),
                q.getInHand(),
                instant(q.getOldestMs()),
                LedgerCodec.reason(q.getReason()),
                q.hasLastReply() ? LedgerCodec.reply(q.getLastReply()) : Optional.empty(),
                q.getAttempts());
    }

    private static SeatV1 seat(Answer.Seat s) {
        var out = SeatV1.newBuilder()
                .setState(LedgerCodec.proto(s.state()))
                .setPlace(s.place().name());
        s.actions().forEach(id -> out.addActions(id.text()));
        return out.build();
    }

    private static Answer.Seat seat(SeatV1 s) {
        return new Answer.Seat(
                LedgerCodec.waiting(s.getState()),
                Answer.Place.valueOf(s.getPlace()),
                s.getActionsList().stream().map(ActionId::new).toList());
    }

    private static long millis(Optional<Instant> at) {
        return at.map(Instant::toEpochMilli).orElse(0L);
    }

    private static Optional<Instant> instant(long millis) {
        return millis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }
}
