package io.postmesh.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedRedisTest {

    @TempDir
    private Path folder;

    @Test
    void aLeftOverChildIsEndedAndTheNewOneTakesItsPort() throws Exception {
        var killed = EmbeddedRedis.start(folder);
        try (var next = EmbeddedRedis.start(folder)) {
            await().until(() -> ProcessHandle.of(killed.pid())
                    .filter(ProcessHandle::isAlive)
                    .isEmpty());
            assertThat(next.url()).isEqualTo(killed.url());
        }
    }

    @Test
    void aStrangerWithTheSamePidIsLeftAlone() throws Exception {
        var stranger = new ProcessBuilder("sleep", "60").start();
        try {
            Files.writeString(folder.resolve("redis.pid"), Long.toString(stranger.pid()));
            EmbeddedRedis.start(folder).close();
            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroy();
        }
    }

    @Test
    void closeEndsTheChild() throws Exception {
        var redis = EmbeddedRedis.start(folder);
        redis.close();
        assertThat(ProcessHandle.of(redis.pid()).filter(ProcessHandle::isAlive)).isEmpty();
        assertThat(folder.resolve("redis.pid")).doesNotExist();
    }
}
