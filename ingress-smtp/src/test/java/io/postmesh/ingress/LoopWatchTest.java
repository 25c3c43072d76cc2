package io.postmesh.ingress;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import org.junit.jupiter.api.Test;

class LoopWatchTest {
    /// A watch that never barks proves nothing.
    @Test
    void anEventLoopThatIsBlockedIsTold() {
        var watch = new LoopWatch();
        var vertx = Vertx.vertx(watch.options());
        try {
            vertx.runOnContext(_ -> {
                while (!watch.hasTold()) Thread.onSpinWait();
            });
            await().until(watch::hasTold);
            assertThatThrownBy(watch::close).hasMessageContaining("has been blocked");
        } finally {
            vertx.close();
        }
    }
}
