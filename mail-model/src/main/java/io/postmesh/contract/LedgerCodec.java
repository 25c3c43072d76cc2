package io.postmesh.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.postmesh.contract.proto.FailureV1;
import io.postmesh.contract.proto.JourneyV1;
import io.postmesh.contract.proto.OutcomeKind;
import io.postmesh.contract.proto.OutcomeV1;
import io.postmesh.contract.proto.ReplyV1;
import io.postmesh.contract.proto.WaitingV1;
import io.postmesh.mail.EnhancedStatus;
import io.postmesh.mail.MailId;
import io.postmesh.mail.SmtpReply;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Outcomes, waiting states and journey steps as bytes.
public final class LedgerCodec {
    /// Of a remote's reply, this much is kept. A waiting state stays below 1 kB (LEDGER L8); an outcome is what the
    /// sender reads in a DSN.
    private static final int WAITING_REPLY_OCTETS = 240;

    private static final int WAITING_OCTETS = 1024;
    private static final int REPLY_FRAME = 24; // around its lines: code, enhanced status, lengths

    private static final int OUTCOME_REPLY_OCTETS = 2_000;
    private static final int MAX_REPLY_LINES = 20;

    private LedgerCodec() {}

    public static byte[] encode(Outcome o) {
        var out = OutcomeV1.newBuilder()
                .setMailId(o.id().text())
                .setRecordId(o.record().text())
                .addAllPositions(o.positions())
                .addAllRecipients(o.recipients())
                .setSender(o.about().sender())
                .setKind(kind(o.kind()))
                .setAtMs(o.at().toEpochMilli())
                .setAcceptedAtMs(o.about().acceptedAt().toEpochMilli())
                .setAttempt(o.by().attempt())
                .setWorker(o.by().worker())
                .setDestination(o.about().destination())
                .setReason(o.reason().name())
                .setRemote(o.heard().remote())
                .setTls(o.heard().tls())
                .setRelayed(o.about().relayed())
                .setCrashes(o.by().crashes())
                .setNote(o.cause().note());
        o.what().deadline().ifPresent(at -> out.setDeadlineMs(at.toEpochMilli()));
        o.reply().ifPresent(r -> out.setReply(reply(r, OUTCOME_REPLY_OCTETS)));
        o.what().failure().ifPresent(f -> out.setFailure(failure(f)));
        return out.build().toByteArray();
    }

    public static Outcome outcome(byte @Nullable [] value) throws BadRecord {
        var bytes = BadRecord.unlessThere(value);
        try {
            var o = OutcomeV1.parseFrom(bytes);
            return new Outcome(
                    about(o),
                    new Outcome.What(kind(o.getKind()), failure(o), deadline(o)),
                    new Outcome.Cause(reason(o.getReason()), o.getNote()),
                    new Outcome.By(o.getWorker(), o.getAttempt(), o.getCrashes()),
                    new Outcome.Heard(o.hasReply() ? reply(o.getReply()) : Optional.empty(), o.getRemote(), o.getTls()),
                    Instant.ofEpochMilli(o.getAtMs()));
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            throw new BadRecord("not an outcome: " + e.getMessage(), e);
        }
    }

    private static Outcome.About about(OutcomeV1 o) {
        return new Outcome.About(
                new MailId(o.getMailId()),
                new RecordId(o.getRecordId()),
                o.getPositionsList(),
                o.getRecipientsList(),
                o.getSender(),
                Instant.ofEpochMilli(o.getAcceptedAtMs()),
                o.getDestination(),
                o.getRelayed());
    }

    public static byte[] encode(Waiting w) {
        return proto(w).toByteArray();
    }

    static WaitingV1 proto(Waiting w) {
        var out = WaitingV1.newBuilder()
                .setRecordId(w.record().text())
                .setMailId(w.id().text())
                .addAllPositions(w.positions())
                .setDueMs(w.due().map(Instant::toEpochMilli).orElse(0L))
                .setAttempts(w.attempts())
                .setReason(w.reason().name())
                .setBodyOffset(w.bodyOffset())
                .setDestination(w.destination())
                .setSenderDomain(w.senderDomain())
                .setAcceptedAtMs(w.acceptedAt().toEpochMilli())
                .setSenderLocal(w.marks().senderLocal())
                .setRule(w.marks().rule())
                .setTag(w.marks().tag())
                .addAllDomains(w.marks().domains())
                .setMoreDomains(w.marks().more())
                .setHeeded(w.heeded());
        w.lastReply().ifPresent(r -> out.setLastReply(reply(r, replyOctets(out))));
        return out.build();
    }

    // Names come first: without them a mail is not found. The reply is for people.
    private static int replyOctets(WaitingV1.Builder rest) {
        int left = WAITING_OCTETS - REPLY_FRAME - rest.buildPartial().getSerializedSize();
        return Math.clamp(left, 0, WAITING_REPLY_OCTETS);
    }

    public static Waiting waiting(byte @Nullable [] value) throws BadRecord {
        var bytes = BadRecord.unlessThere(value);
        try {
            return waiting(WaitingV1.parseFrom(bytes));
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            throw new BadRecord("not a waiting state: " + e.getMessage(), e);
        }
    }

    static Waiting waiting(WaitingV1 w) {
        return new Waiting(
                new RecordId(w.getRecordId()),
                new MailId(w.getMailId()),
                w.getPositionsList(),
                w.getDueMs() == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(w.getDueMs())),
                w.getAttempts(),
                w.hasLastReply() ? reply(w.getLastReply()) : Optional.empty(),
                reason(w.getReason()),
                w.getBodyOffset(),
                w.getDestination(),
                w.getSenderDomain(),
                Instant.ofEpochMilli(w.getAcceptedAtMs()),
                new Waiting.Marks(w.getSenderLocal(), w.getRule(), w.getTag(), w.getDomainsList(), w.getMoreDomains()),
                w.getHeeded());
    }

    public static byte[] encode(Journey j) {
        return JourneyV1.newBuilder()
                .setMailId(j.id().text())
                .setStage(j.stage().name())
                .setAtMs(j.at().toEpochMilli())
                .setAcceptedAtMs(j.acceptedAt().toEpochMilli())
                .setSender(j.sender())
                .addAllRecipients(j.recipients())
                .setDetail(j.detail())
                .build()
                .toByteArray();
    }

    public static Journey journey(byte @Nullable [] value) throws BadRecord {
        var bytes = BadRecord.unlessThere(value);
        try {
            var j = JourneyV1.parseFrom(bytes);
            return new Journey(
                    new MailId(j.getMailId()),
                    Journey.Stage.valueOf(j.getStage()),
                    Instant.ofEpochMilli(j.getAtMs()),
                    Instant.ofEpochMilli(j.getAcceptedAtMs()),
                    j.getSender(),
                    j.getRecipientsList(),
                    j.getDetail());
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            throw new BadRecord("not a journey step: " + e.getMessage(), e);
        }
    }

    private static OutcomeKind kind(Outcome.Kind kind) {
        return switch (kind) {
            case ATTEMPTED -> OutcomeKind.ATTEMPTED;
            case DELIVERED -> OutcomeKind.DELIVERED;
            case FAILED -> OutcomeKind.FAILED;
            case DEFERRED -> OutcomeKind.DEFERRED;
            case DROPPED_DUPLICATE -> OutcomeKind.DROPPED_DUPLICATE;
            case HANDED_OVER -> OutcomeKind.HANDED_OVER;
            case CANCELLED -> OutcomeKind.CANCELLED;
        };
    }

    private static Outcome.Kind kind(OutcomeKind kind) {
        return switch (kind) {
            case ATTEMPTED -> Outcome.Kind.ATTEMPTED;
            case DELIVERED -> Outcome.Kind.DELIVERED;
            case FAILED -> Outcome.Kind.FAILED;
            case DEFERRED -> Outcome.Kind.DEFERRED;
            case DROPPED_DUPLICATE -> Outcome.Kind.DROPPED_DUPLICATE;
            case HANDED_OVER -> Outcome.Kind.HANDED_OVER;
            case CANCELLED -> Outcome.Kind.CANCELLED;
            case UNKNOWN_KIND, UNRECOGNIZED -> throw new IllegalArgumentException("unknown kind");
        };
    }

    private static FailureV1 failure(Outcome.Failure f) {
        var out = FailureV1.newBuilder()
                .setHeaders(ByteString.copyFrom(f.headers()))
                .setFromMesh(f.fromMesh())
                .setTrusted(f.trusted());
        f.placement().ifPresent(placement -> out.setPlacement(EnvelopeProto.write(placement)));
        return out.build();
    }

    private static Optional<Outcome.Failure> failure(OutcomeV1 o) {
        if (!o.hasFailure()) return Optional.empty();
        var f = o.getFailure();
        return Optional.of(new Outcome.Failure(
                f.getHeaders().toByteArray(),
                f.getFromMesh(),
                f.getTrusted(),
                f.hasPlacement() ? Optional.of(EnvelopeProto.read(f.getPlacement())) : Optional.empty()));
    }

    // One that is missing has passed: then nobody waits for that worker.
    private static Optional<Instant> deadline(OutcomeV1 o) {
        if (o.getKind() != OutcomeKind.HANDED_OVER) return Optional.empty();
        return Optional.of(Instant.ofEpochMilli(o.getDeadlineMs()));
    }

    // A word from a newer version is not an error: the outcome counts, only its explanation is unknown here.
    static Reason reason(String name) {
        for (var reason : Reason.values()) if (reason.name().equals(name)) return reason;
        return Reason.INTERNAL;
    }

    static ReplyV1 reply(SmtpReply r, int octets) {
        var out = ReplyV1.newBuilder().setCode(r.code());
        r.status().ifPresent(s -> out.setEnhanced(s.toString()));
        int left = octets;
        for (var line : r.lines().subList(0, Math.min(r.lines().size(), MAX_REPLY_LINES))) {
            if (left <= 0) break;
            var kept = beginning(line, left);
            out.addLines(kept);
            left -= kept.getBytes(UTF_8).length + 2; // 2: what Protobuf puts in front of a line
        }
        return out.build();
    }

    // As much of a line as fits into so many octets, no character cut in two.
    private static String beginning(String line, int octets) {
        if (3 * line.length() <= octets) return line;
        int used = 0;
        for (int i = 0; i < line.length(); ) {
            int c = line.codePointAt(i);
            used += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
            if (used > octets) return line.substring(0, i);
            i += Character.charCount(c);
        }
        return line;
    }

    static Optional<SmtpReply> reply(ReplyV1 r) {
        var status = EnhancedStatus.parsePrefix(r.getEnhanced());
        if (r.getCode() == 0) return Optional.empty();
        return Optional.of(
                new SmtpReply(r.getCode(), status, r.getLinesList().isEmpty() ? List.of("") : r.getLinesList()));
    }
}
