package io.postmesh.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DkimKeyTest {
    @Test
    void theKeyIsNamedAfterItsDomainAndInPem(@TempDir Path folder) throws Exception {
        assertThat(DkimKey.make(folder.resolve("keys")))
                .hasFileName("demo.test.private")
                .content()
                .startsWith("-----BEGIN PRIVATE KEY-----\nMII")
                .endsWith("-----END PRIVATE KEY-----\n");
    }
}
