package io.postmesh.local;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedMesh.class)
class PartialRecipientsTest {
    @Test
    void eachRecipientOfOneMailEndsItsOwnWay(TestMesh mesh) throws Exception {
        mesh.submit("partial@demo.test", "ok@partial.test", "greylist+2@partial.test", "reject@partial.test");
        var ok = mesh.awaitAtSink("ok@partial.test");
        var later = mesh.awaitAtSink("greylist+2@partial.test");
        var report = mesh.awaitAtSink("partial@demo.test");
        assertThat(ok.recipients()).containsExactly("ok@partial.test");
        assertThat(later.recipients()).containsExactly("greylist+2@partial.test");
        assertThat(report.text())
                .containsPattern("(?mi)^Final-Recipient: *rfc822; *reject@partial.test")
                .doesNotContain("Final-Recipient: rfc822; ok@partial.test");
        assertThat(mesh.sink().inbox().to("ok@partial.test")).hasSize(1);
    }
}
