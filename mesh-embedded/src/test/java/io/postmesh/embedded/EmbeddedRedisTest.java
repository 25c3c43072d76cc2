package io.postmesh.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
    void aProgramThatAPowerCutEmptiedIsUnpackedAgain() throws Exception {
        var program = Files.createFile(folder.resolve("redis-server"));
        assertThat(program.toFile().setExecutable(true)).isTrue();
        EmbeddedRedis.start(folder).close();
        assertThat(program).isNotEmptyFile();
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
    void aChildThatDiesIsReplacedOnTheSamePort() throws Exception {
        try (var redis = EmbeddedRedis.start(folder)) {
            var url = redis.url();
            long first = redis.pid();
            ProcessHandle.of(first).orElseThrow().destroyForcibly();
            await().atMost(Duration.ofSeconds(30)).until(() -> redis.pid() != first && answers(url));
            assertThat(redis.url()).isEqualTo(url);
        }
    }

    private static boolean answers(String url) {
        try (var socket = new Socket("127.0.0.1", URI.create(url).getPort())) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
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
