package io.postmesh.runtime.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A file system that does not answer: the reader gets a failure, and everybody else goes on.
class BlobReadsTest {
    private static final Duration SHORT = Duration.ofMillis(100);

    private final CountDownLatch answers = new CountDownLatch(1);

    @TempDir
    Path folder;

    @Test
    void filesThatHangHoldNoVirtualThreadAndTheOthersAreRead() throws Exception {
        int many = 2 * Runtime.getRuntime().availableProcessors();
        var store = FolderBlobStore.open(folder, new BlobReads(Duration.ofSeconds(2), many + 2, many + 1));
        var good = write(store);
        var pipes = new ArrayList<Path>();
        for (int i = 0; i < many; i++) pipes.add(pipe(write(store)));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var hanging = pipes.stream()
                    .map(pipe -> threads.submit(
                            () -> store.open(pipe.getFileName().toString()).readAllBytes()))
                    .toList();
            assertThat(threads.submit(() -> store.open(good).readAllBytes()).get())
                    .containsExactly(1);
            for (var each : hanging)
                assertThatThrownBy(each::get).hasMessageContaining("the blob folder does not answer");
        }
        for (var pipe : pipes) {
            assertThatThrownBy(() -> store.open(pipe.getFileName().toString()))
                    .hasMessageContaining("an earlier read of blob");
            new FileOutputStream(pipe.toFile()).close();
        }
    }

    @Test
    void onceTooManyHangTheNextIsRefusedAtOnceUntilTheFolderAnswersAgain() {
        var reads = new BlobReads(SHORT, 2, 2);
        for (var key : new String[] {"one", "two"})
            assertThatThrownBy(() -> reads.within(key, this::whenItAnswers, _ -> {}))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("blob " + key + ", waited");
        assertThatThrownBy(() -> reads.within("three", () -> 3, _ -> {})).hasMessageContaining("2 reads hang");
        answers.countDown();
        await().ignoreExceptions().until(() -> reads.within("one", () -> 1, _ -> {}) == 1);
    }

    @Test
    void aFileThatOpensTooLateIsClosed() {
        var closed = new AtomicBoolean();
        assertThatThrownBy(() -> new BlobReads(SHORT, 1, 1).open("one", () -> {
                    whenItAnswers();
                    return file(closed);
                }))
                .isInstanceOf(IOException.class);
        answers.countDown();
        await().untilTrue(closed);
    }

    @Test
    void aFileWhoseReadHangsIsClosedWhenThatEnds() throws Exception {
        var closed = new AtomicBoolean();
        var late = new CompletableFuture<Integer>();
        var file = new InputStream() {
            @Override
            public int read() throws IOException {
                late.complete(whenItAnswers());
                return -1;
            }

            @Override
            public void close() {
                assertThat(late).isDone();
                closed.set(true);
            }
        };
        try (var in = new BlobReads(SHORT, 1, 1).open("one", () -> file)) {
            assertThatThrownBy(in::read).hasMessageContaining("does not answer");
            assertThatThrownBy(in::read).hasMessageContaining("could not be read");
        }
        answers.countDown();
        await().untilTrue(closed);
    }

    private int whenItAnswers() throws IOException {
        assertThat(Thread.currentThread().isVirtual()).isFalse();
        try {
            answers.await();
            return 0;
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static InputStream file(AtomicBoolean closed) {
        return new ByteArrayInputStream(new byte[1]) {
            @Override
            public void close() {
                closed.set(true);
            }
        };
    }

    private static String write(BlobStore store) throws IOException {
        try (var blob = store.create()) {
            blob.write(new byte[] {1}, 0, 1);
            return blob.commit();
        }
    }

    private Path pipe(String key) throws Exception {
        var path =
                folder.resolve(key.substring(0, 2)).resolve(key.substring(2, 4)).resolve(key);
        var made = new ProcessBuilder("sh", "-c", "rm \"$0\" && mkfifo \"$0\"", path.toString()).start();
        assertThat(made.waitFor()).isZero();
        return path;
    }
}
