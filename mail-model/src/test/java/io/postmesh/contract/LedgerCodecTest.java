package io.postmesh.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postmesh.contract.proto.OutcomeV1;
import io.postmesh.contract.proto.ReplyV1;
import io.postmesh.mail.SmtpReply;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LedgerCodecTest {
    @Test
    void whatIsEncodedIsDecoded() throws BadRecord {
        for (var outcome : Samples.outcomes().values()) {
            assertThat(LedgerCodec.outcome(LedgerCodec.encode(outcome))).isEqualTo(outcome);
        }
        for (var waiting : Samples.waitings().values()) {
            assertThat(LedgerCodec.waiting(LedgerCodec.encode(waiting))).isEqualTo(waiting);
        }
        assertThat(LedgerCodec.journey(LedgerCodec.encode(Samples.journey()))).isEqualTo(Samples.journey());
    }

    @Test
    void aTombstoneInAnyTopicIsNoRecordAndStopsNobody() {
        assertThatExceptionOfType(BadRecord.class).isThrownBy(() -> LedgerCodec.outcome(null));
        assertThatExceptionOfType(BadRecord.class).isThrownBy(() -> LedgerCodec.waiting((byte[]) null));
        assertThatExceptionOfType(BadRecord.class).isThrownBy(() -> LedgerCodec.journey(null));
        assertThatExceptionOfType(BadRecord.class).isThrownBy(() -> RecordCodec.decode(null));
        assertThatExceptionOfType(BadRecord.class).isThrownBy(() -> ControlCodec.action(null));
        assertThatExceptionOfType(BadRecord.class).isThrownBy(() -> ControlCodec.answer(null));
    }

    @Test
    void everyKindAndEveryReasonComesBack() throws Exception {
        for (var kind : Outcome.Kind.values()) {
            var outcome = Samples.outcome(Samples.what(kind), Optional.empty(), "");
            assertThat(LedgerCodec.outcome(LedgerCodec.encode(outcome))).isEqualTo(outcome);
        }
        for (var reason : Reason.values()) {
            var bytes = OutcomeV1.parseFrom(LedgerCodec.encode(attempted())).toBuilder();
            assertThat(LedgerCodec.outcome(
                                    bytes.setReason(reason.name()).build().toByteArray())
                            .reason())
                    .isEqualTo(reason);
        }
    }

    @Test
    void aReasonOfANewerVersionIsNoReasonToLoseAnOutcome() throws Exception {
        var bytes =
                OutcomeV1.parseFrom(LedgerCodec.encode(attempted())).toBuilder().setReason("MOON_PHASE");
        assertThat(LedgerCodec.outcome(bytes.build().toByteArray()).reason()).isEqualTo(Reason.INTERNAL);
    }

    @Test
    void aReplyWithoutACodeIsNoReply() throws Exception {
        var bytes =
                OutcomeV1.parseFrom(LedgerCodec.encode(attempted())).toBuilder().setReply(ReplyV1.getDefaultInstance());
        assertThat(LedgerCodec.outcome(bytes.build().toByteArray()).reply()).isEmpty();
    }

    /// LEDGER L8: 1 kB at most, whatever a remote says and however long names are.
    @Test
    void aWaitingStateIsNeverLargerThanOneKilobyte() {
        var longest = ("a".repeat(63) + ".").repeat(3) + "b".repeat(61);
        var talkative = SmtpReply.lines(450, Collections.nCopies(30, "Empfänger 用户 \ud83d\ude00 ".repeat(50)));
        var waiting = new Waiting(
                RecordId.of(Samples.ID, new int[] {1}),
                Samples.ID,
                IntStream.range(1_000_000, 1_000_050).boxed().toList(),
                Optional.of(Samples.LATER),
                Integer.MAX_VALUE,
                Optional.of(talkative),
                Reason.NO_SUCH_DOMAIN,
                Long.MAX_VALUE,
                longest,
                longest,
                Samples.ACCEPTED_AT,
                new Waiting.Marks("l".repeat(64), "r".repeat(64), "t".repeat(64), List.of(), true),
                Long.MAX_VALUE);
        assertThat(LedgerCodec.encode(waiting)).hasSizeLessThanOrEqualTo(1024);
        var mixed = new Waiting(
                waiting.record(),
                waiting.id(),
                waiting.positions(),
                waiting.due(),
                waiting.attempts(),
                waiting.lastReply(),
                waiting.reason(),
                waiting.bodyOffset(),
                "relayhost",
                longest,
                waiting.acceptedAt(),
                new Waiting.Marks(
                        "l".repeat(64),
                        "r".repeat(64),
                        "t".repeat(64),
                        List.of("d".repeat(63) + ".test", "e".repeat(63) + ".test", "f".repeat(50)),
                        true),
                Long.MAX_VALUE);
        assertThat(LedgerCodec.encode(mixed)).hasSizeLessThanOrEqualTo(1024);
    }

    @Test
    void aLongReplyIsCutBetweenCharacters() throws BadRecord {
        for (int i = 0; i < 8; i++) {
            var line = "x".repeat(i) + "\ud83d\ude00".repeat(2000);
            var waiting = Samples.waiting(Optional.empty(), Optional.of(SmtpReply.of(450, line)));
            var kept = LedgerCodec.waiting(LedgerCodec.encode(waiting))
                    .lastReply()
                    .orElseThrow()
                    .lines()
                    .getFirst();
            assertThat(line).startsWith(kept);
            assertThat(kept.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(230, 240);
        }
    }

    @Test
    void anOutcomeKeepsWhatAReportNeedsOfALongReply() throws BadRecord {
        var reply = SmtpReply.lines(550, List.of("5.7.1 first line", "x".repeat(1500), "last line"));
        var outcome = Samples.outcome(Samples.what(Outcome.Kind.DEFERRED), Optional.of(reply), "");
        assertThat(LedgerCodec.outcome(LedgerCodec.encode(outcome)).reply()).contains(reply);
    }

    @Test
    void aFailureAndOnlyAFailureCarriesWhatABounceNeeds() {
        assertThatThrownBy(() -> Outcome.What.of(Outcome.Kind.FAILED)).isInstanceOf(IllegalArgumentException.class);
        var failure = Samples.what(Outcome.Kind.FAILED).failure();
        assertThatThrownBy(() -> new Outcome.What(Outcome.Kind.DELIVERED, failure, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aHandOverAndOnlyAHandOverHasADeadline() throws Exception {
        assertThatThrownBy(() -> Outcome.What.of(Outcome.Kind.HANDED_OVER))
                .isInstanceOf(IllegalArgumentException.class);
        var deadline = Optional.of(Samples.LATER);
        assertThatThrownBy(() -> new Outcome.What(Outcome.Kind.ATTEMPTED, Optional.empty(), deadline))
                .isInstanceOf(IllegalArgumentException.class);
        // Nobody waits for a worker that named no time.
        var note = Samples.note(Outcome.What.handedOver(Samples.LATER), 0);
        var bytes = OutcomeV1.parseFrom(LedgerCodec.encode(note)).toBuilder().clearDeadlineMs();
        assertThat(LedgerCodec.outcome(bytes.build().toByteArray()).what().deadline())
                .contains(Instant.EPOCH);
    }

    @Test
    void anUnknownKindIsABadRecord() throws Exception {
        var bytes = OutcomeV1.parseFrom(LedgerCodec.encode(attempted())).toBuilder();
        for (int kind : new int[] {0, 99}) {
            var changed = bytes.setKindValue(kind).build().toByteArray();
            assertThatExceptionOfType(BadRecord.class).isThrownBy(() -> LedgerCodec.outcome(changed));
        }
        assertThatExceptionOfType(BadRecord.class).isThrownBy(() -> LedgerCodec.outcome(new byte[0]));
        assertThatExceptionOfType(BadRecord.class).isThrownBy(() -> LedgerCodec.waiting(new byte[0]));
        assertThatExceptionOfType(BadRecord.class).isThrownBy(() -> LedgerCodec.journey(new byte[0]));
    }

    private static Outcome attempted() {
        return Samples.outcome(Samples.what(Outcome.Kind.ATTEMPTED), Optional.empty(), "");
    }
}
