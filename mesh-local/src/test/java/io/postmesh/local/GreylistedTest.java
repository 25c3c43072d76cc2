package io.postmesh.local;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedMesh.class)
class GreylistedTest {
    @Test
    void aGreylistedMailIsDeliveredAtTheNextAttemptAndOnlyOnce(TestMesh mesh) throws Exception {
        mesh.submit("ann@demo.test", "greylist+1@greylisted.test");
        mesh.awaitAtSink("greylist+1@greylisted.test");
        mesh.submit("ann@demo.test", "after@greylisted.test");
        mesh.awaitAtSink("after@greylisted.test");
        assertThat(mesh.sink().inbox().to("greylist+1@greylisted.test")).hasSize(1);
        assertThat(mesh.sink().inbox().all()).noneMatch(mail -> mail.sender().isEmpty());
    }

    @Test
    void oneRefusedForNowAtTheDotIsTriedAgain(TestMesh mesh) throws Exception {
        mesh.submit("ann@demo.test", "greylist-at-dot+1@greylisted.test");
        mesh.awaitAtSink("greylist-at-dot+1@greylisted.test");
    }
}
