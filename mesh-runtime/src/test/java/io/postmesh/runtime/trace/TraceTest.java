package io.postmesh.runtime.trace;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceTest {
    private static final String FORM = "00-[0-9a-f]{32}-[0-9a-f]{16}-0[0-3]";

    private final Trace trace = Trace.sampling(0.5);

    @Test
    void aMessageKeepsItsTraceIdThroughEveryStep() {
        try (var door = trace.begin("intake");
                var desk = trace.follow("judge", new RecordHeaders(new Header[] {door.header()}));
                var seal = trace.follow("seal", new RecordHeaders(new Header[] {desk.header()}))) {
            assertThat(text(door.header())).matches(FORM).contains(door.traceId());
            assertThat(seal.traceId()).isEqualTo(door.traceId());
            assertThat(text(seal.header())).isNotEqualTo(text(desk.header()));
        }
    }

    @Test
    void theSampledMarkTravels() {
        var sampled = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        try (var step = Trace.sampling(0).follow("judge", headers(sampled))) {
            assertThat(text(step.header()))
                    .startsWith("00-0af7651916cd43dd8448eb211c80319c-")
                    .endsWith("-01");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "rubbish",
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c"
            })
    void anUnusableContextStartsANewTrace(String traceparent) {
        try (var step = trace.follow("judge", headers(traceparent))) {
            assertThat(text(step.header())).matches(FORM);
        }
        try (var step = trace.follow("judge", new RecordHeaders())) {
            assertThat(text(step.header())).matches(FORM);
        }
    }

    private static RecordHeaders headers(String traceparent) {
        var headers = new RecordHeaders();
        headers.add(Trace.HEADER, traceparent.getBytes(US_ASCII));
        return headers;
    }

    private static String text(Header header) {
        assertThat(header.key()).isEqualTo("traceparent");
        return new String(header.value(), US_ASCII);
    }
}
