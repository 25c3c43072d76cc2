package io.postmesh.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.lab.otlp.SpanReceiver;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Where traces go: one that takes them and never answers costs the traces, not the mail.
@Timeout(300)
class HangingReceiverTest {
    private static final int MAILS = 20;

    @Test
    void mailGoesOutAndTheMeshStopsWhileTheReceiverOfTracesHangs() throws Exception {
        try (var receiver = SpanReceiver.hanging()) {
            try (var mesh = TestMesh.with(
                            "OTEL_EXPORTER_OTLP_ENDPOINT", receiver.endpoint().toString())
                    .set("OTEL_EXPORTER_OTLP_TIMEOUT", "60000")
                    .set("POSTMESH_TRACE_RATIO", "1")
                    .start()) {
                mesh.submit("ann@demo.test", "first@hanging.test");
                assertThat(receiver.asked().await(TestMesh.SOON.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
                for (int i = 0; i < MAILS; i++) mesh.submit("ann@demo.test", "later" + i + "@hanging.test");
                for (int i = 0; i < MAILS; i++) mesh.awaitAtSink("later" + i + "@hanging.test");
            }
            assertThat(receiver.spans()).isEmpty(); // it was hanging all the time
        }
    }
}
