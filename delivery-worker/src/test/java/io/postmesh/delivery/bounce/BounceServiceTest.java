package io.postmesh.delivery.bounce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postmesh.contract.BadRecord;
import io.postmesh.contract.LedgerCodec;
import io.postmesh.contract.Origin;
import io.postmesh.contract.Outcome;
import io.postmesh.contract.Placement;
import io.postmesh.contract.RecordCodec;
import io.postmesh.contract.Topics;
import io.postmesh.dkim.BodyHash;
import io.postmesh.runtime.kafka.InRecord;
import io.postmesh.runtime.kafka.OutRecord;
import io.postmesh.runtime.trace.Trace;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Who is told of a failure, and who never is (RFC 5321 §4.5.5, §6.1).
class BounceServiceTest {
    private Placement latest = new Placement(1, 4, Set.of());
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final BounceService service =
            new BounceService(new BounceWriter("mx.postmesh.test"), () -> latest, Trace.untold(), meters);

    private List<OutRecord> handle(Failures failures) throws BadRecord {
        return service.handle(record(LedgerCodec.encode(failures.outcome())));
    }

    private static InRecord record(byte @Nullable [] value) {
        return new InRecord(Topics.OUTCOMES, 0, 0, 0, null, value, new RecordHeaders());
    }

    @Test
    void theSenderOfATrustedClientIsToldByTheFrontDoorAndFromNobody() throws BadRecord {
        var failures = Failures.of("bob@one.test").reply(550, "5.1.1 nobody");
        var out = handle(failures);
        assertThat(out).hasSize(1);
        assertThat(out.getFirst().topic()).isEqualTo(Topics.ACCEPTED);
        var mail = RecordCodec.decode(Objects.requireNonNull(out.getFirst().value()));
        assertThat(mail.envelope().sender().text()).isEmpty();
        assertThat(mail.envelope().recipients())
                .singleElement()
                .satisfies(to -> assertThat(to.address().text()).isEqualTo("ann@sender.test"));
        assertThat(mail.envelope().origin())
                .isEqualTo(new Origin.Mesh(failures.outcome().id()));
        var hash = new BodyHash();
        hash.update(mail.body().toBytes(), 0, mail.body().length());
        assertThat(mail.envelope().content().bodyHash()).isEqualTo(hash.digest());
    }

    @Test
    void madeAgainAfterTheNumberOfPartitionsWasRaisedAReportIsTheSameMail() throws BadRecord {
        var failures = Failures.of("bob@one.test").placed(new Placement(1, 4, Set.of()));
        var before = handle(failures);
        latest = new Placement(2, 16, Set.of());
        assertThat(handle(failures).getFirst().value())
                .isEqualTo(before.getFirst().value());
        assertThat(placement(handle(Failures.of("bob@one.test")))) // of a version that did not say
                .isEqualTo(latest);
    }

    private static Placement placement(List<OutRecord> out) throws BadRecord {
        return RecordCodec.decode(Objects.requireNonNull(out.getFirst().value()))
                .envelope()
                .placement();
    }

    @Test
    void theNullSenderIsNeverTold() throws BadRecord {
        assertThat(handle(Failures.of("bob@one.test").from(""))).isEmpty();
        assertThat(meters.counter("postmesh_bounces_withheld_total").count()).isEqualTo(1);
    }

    @Test
    void aReportIsNeverReportedOn() throws BadRecord {
        assertThat(handle(Failures.of("ann@sender.test").from("x@one.test").ofAReport()))
                .isEmpty();
    }

    @Test
    void aStrangersWordForWhoSentItIsNotEnough() throws BadRecord {
        assertThat(handle(Failures.of("bob@one.test").ofAStranger())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FAILED")
    void onlyAFailureIsReported(Outcome.Kind kind) throws BadRecord {
        assertThat(handle(Failures.of("bob@one.test").kind(kind))).isEmpty();
    }

    @Test
    void whatIsNoOutcomeIsNoReport() {
        assertThatThrownBy(() -> service.handle(record(null))).isInstanceOf(BadRecord.class);
        assertThatThrownBy(() -> service.handle(record(new byte[] {1, 2, 3}))).isInstanceOf(BadRecord.class);
    }
}
