package io.postmesh.runtime.blob;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads of a file system that may not answer, on threads of their own: a read that hangs holds the thread it runs on,
/// and under a virtual thread that is one of as many as there are cores.
final class BlobReads {
    /// What a shared file system needs at its worst, well under the time in which a lease goes.
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private static final int THREADS = 64;
    private static final int MOST_HANGING = 32;

    /// One for all folders of this process.
    static final BlobReads SHARED = new BlobReads(DEADLINE, THREADS, MOST_HANGING);

    private final Duration deadline;
    private final int mostHanging;
    private final ExecutorService threads;
    private final AtomicInteger hanging = new AtomicInteger();
    private final Set<String> hangingKeys = ConcurrentHashMap.newKeySet();

    /// @param mostHanging of the threads; the others are left for files that do answer
    BlobReads(Duration deadline, int threads, int mostHanging) {
        this.deadline = deadline;
        this.mostHanging = mostHanging;
        var factory = Thread.ofPlatform().daemon().name("blob-reads-", 0).factory();
        var pool = new ThreadPoolExecutor(threads, threads, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory);
        pool.allowCoreThreadTimeOut(true);
        this.threads = pool;
    }

    /// What is done with the file.
    @FunctionalInterface
    interface Call<T> {
        T run() throws IOException;
    }

    InputStream open(String key, Call<InputStream> opening) throws IOException {
        return new PatientStream(this, key, within(key, opening, BlobReads::close));
    }

    /// @param late takes what comes after the deadline, also when that is a failure (null)
    <T> T within(String key, Call<T> call, Consumer<@Nullable T> late) throws IOException {
        refuse(key);
        var begun = new AtomicBoolean(); // by a thread, or taken back by us
        var answer = new CompletableFuture<T>();
        threads.execute(() -> {
            if (begun.compareAndSet(false, true)) run(call, answer);
        });
        try {
            return answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            if (!begun.compareAndSet(false, true)) leave(key, answer, late);
            throw new IOException("the blob folder does not answer: blob " + key + ", waited " + deadline);
        } catch (InterruptedException e) {
            if (!begun.compareAndSet(false, true)) leave(key, answer, late);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped while the blob folder was read");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) throw failure;
            throw new IOException(e.getCause());
        }
    }

    private void refuse(String key) throws IOException {
        if (hangingKeys.contains(key))
            throw new IOException("the blob folder does not answer: an earlier read of blob " + key + " hangs");
        if (hanging.get() >= mostHanging)
            throw new IOException("the blob folder does not answer: " + hanging + " reads hang");
    }

    private static <T> void run(Call<T> call, CompletableFuture<T> answer) {
        try {
            answer.complete(call.run());
        } catch (Throwable failure) {
            answer.completeExceptionally(failure);
        }
    }

    private <T> void leave(String key, CompletableFuture<T> answer, Consumer<@Nullable T> late) {
        hanging.incrementAndGet();
        hangingKeys.add(key);
        answer.whenComplete((result, _) -> {
            hangingKeys.remove(key);
            hanging.decrementAndGet();
            late.accept(result);
        });
    }

    static void close(@Nullable InputStream file) {
        try {
            if (file != null) file.close();
        } catch (IOException e) {
            return; // it was only read
        }
    }
}
