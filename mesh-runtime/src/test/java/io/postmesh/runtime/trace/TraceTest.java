package io.postmesh.runtime.trace;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postmesh.contract.Topics;
import io.postmesh.runtime.kafka.InRecord;
import io.postmesh.runtime.settings.Settings;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceTest {
    private static final String FORM = "00-[0-9a-f]{32}-[0-9a-f]{16}-0[0-3]";
    private static final String ID = "0af7651916cd43dd8448eb211c80319c";
    private static final String SAMPLED = "00-" + ID + "-b7ad6b7169203331-01";
    private static final String UNSAMPLED = "00-" + ID + "-b7ad6b7169203331-00";

    private final Trace trace = Trace.untold();

    @ParameterizedTest
    @ValueSource(strings = {"collector:4318", "http://", "a b", "ftp://collector:4318"})
    void whatIsNoEndpointIsToldWhatOneLooksLike(String text) {
        var settings = Settings.load(Map.of(), Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", text));
        TraceSettings.from(settings);
        assertThatThrownBy(settings::checkRead)
                .hasMessageContaining(
                        "OTEL_EXPORTER_OTLP_ENDPOINT: '" + text + "': is no endpoint; write http://HOST:PORT")
                .hasMessageContaining("such as http://collector:4318");
    }

    @Test
    void aMessageKeepsItsTraceIdThroughEveryStep() {
        try (var door = enter(Optional.empty(), 0.5);
                var desk = trace.follow("judge", sentWith(door.header()));
                var seal = trace.follow("seal", sentWith(desk.header()))) {
            assertThat(text(door.header())).matches(FORM).contains(door.traceId());
            assertThat(seal.traceId()).isEqualTo(door.traceId());
            assertThat(text(seal.header())).isNotEqualTo(text(desk.header()));
        }
    }

    @Test
    void theMarkOfTheFirstStepTravels() {
        try (var always = enter(Optional.empty(), 1);
                var never = enter(Optional.empty(), 0);
                var afterAlways = trace.follow("judge", sentWith(always.header()));
                var afterNever = trace.follow("judge", sentWith(never.header()))) {
            assertThat(text(afterAlways.header())).matches(".*-0[13]");
            assertThat(text(afterNever.header())).matches(".*-0[02]");
        }
    }

    @Test
    void theMarkOfAClientThatIsBelievedHoldsWhateverTheRatio() {
        try (var sampled = enter(Parent.parse(SAMPLED), 0);
                var unsampled = enter(Parent.parse(UNSAMPLED), 1)) {
            assertThat(text(sampled.header())).startsWith("00-" + ID + "-").matches(".*-0[13]");
            assertThat(text(unsampled.header())).startsWith("00-" + ID + "-").matches(".*-0[02]");
        }
    }

    @Test
    void whatComesLongAfterIsATraceOfItsOwnWithTheMessagesMark() {
        try (var sampled = trace.callLater("attempt", Parent.parse(SAMPLED));
                var unsampled = trace.callLater("attempt", Parent.parse(UNSAMPLED));
                var unknown = trace.callLater("attempt", Optional.empty())) {
            assertThat(sampled.traceId()).isNotEqualTo(ID);
            assertThat(text(sampled.header())).matches(".*-0[13]");
            assertThat(text(unsampled.header())).matches(".*-0[02]");
            assertThat(text(unknown.header())).matches(".*-0[02]");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "rubbish",
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
                "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c"
            })
    void anUnusableContextStartsANewTrace(String traceparent) {
        assertThat(Parent.parse(traceparent)).isEmpty();
        try (var step = trace.follow("judge", sentWith(headers(traceparent)))) {
            assertThat(text(step.header())).matches(FORM).doesNotContain(ID);
        }
    }

    @Test
    void aContextOfAFutureVersionIsReadAsFarAsItIsKnown() {
        assertThat(Parent.parse("cc-" + ID + "-b7ad6b7169203331-01-what-the-future-will-be-like"))
                .hasValueSatisfying(parent -> assertThat(parent.traceId()).isEqualTo(ID));
        assertThat(Parent.parse("cc-" + ID + "-b7ad6b7169203331-01-" + "x".repeat(300)))
                .isEmpty();
    }

    private Step enter(Optional<Parent> parent, double ratio) {
        return trace.enter("accept", parent, ratio, Instant.now());
    }

    private static RecordHeaders headers(String traceparent) {
        var headers = new RecordHeaders();
        headers.add(Trace.HEADER, traceparent.getBytes(US_ASCII));
        return headers;
    }

    private static InRecord sentWith(Header header) {
        return sentWith(new RecordHeaders(new Header[] {header}));
    }

    private static InRecord sentWith(RecordHeaders headers) {
        return new InRecord(Topics.ACCEPTED, 3, 7, 0, null, null, headers);
    }

    private static String text(Header header) {
        assertThat(header.key()).isEqualTo("traceparent");
        return new String(header.value(), US_ASCII);
    }
}
