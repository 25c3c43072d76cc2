package io.postmesh.local;

import io.postmesh.runtime.life.ServiceRun;
import io.postmesh.runtime.ops.LogSettings;
import io.postmesh.runtime.ops.Logging;
import io.postmesh.runtime.settings.BadSettings;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// From start to stop of the process, which ends by a signal, or because its broker gave up.
///
/// What was acknowledged is on disk, so a stop that takes too long is cut short: the next start recovers as after a
/// kill.
final class Life implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Life.class);

    private final ServiceRun parts;
    private final Duration patience;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final CompletableFuture<Integer> end = new CompletableFuture<>();
    private final Thread hook = Thread.ofPlatform().name("stop").unstarted(this::stopBySignal);

    private final AtomicBoolean endTold = new AtomicBoolean();
    private volatile boolean stopping;

    private Life(String name, Duration patience) {
        parts = ServiceRun.named(name);
        this.patience = patience;
    }

    /// What a process does from start to stop; its result is the exit code.
    interface Course {
        int run(Life life) throws Exception;
    }

    /// @param patience how long a stop may take
    static int lead(String name, Duration patience, Course course) throws Exception {
        var life = new Life(name, patience);
        Runtime.getRuntime().addShutdownHook(life.hook);
        try (life) {
            return course.run(life);
        } catch (Exception | LinkageError e) {
            // A start that was cut off, perhaps in a class that cannot be initialised any more: nobody needs to be
            // told.
            if (life.stopping) return Main.FAILED;
            throw e;
        }
    }

    /// Closed before everything opened earlier.
    <T extends AutoCloseable> T open(T part) {
        return parts.open(part);
    }

    /// The log of this process. What is opened after it may write to it until its own end.
    void log(LogSettings settings, String process) throws BadSettings {
        open(Logging.install(settings, process));
        open(() -> {
            if (endTold.get()) log.info("stopped");
        });
    }

    private void tellEnd(String why) {
        if (endTold.compareAndSet(false, true)) log.info("stopping ({})", why);
    }

    /// Returns the exit code when the process is to end.
    int await(CompletableFuture<String> died) throws InterruptedException {
        died.thenAccept(reason -> {
            System.err.println("postmesh: the embedded Kafka gave up: " + reason);
            tellEnd("the embedded Kafka gave up");
            end.complete(Main.FAILED);
        });
        try {
            return end.get();
        } catch (ExecutionException e) {
            throw new AssertionError("nobody completes it so", e);
        }
    }

    /// Whether a signal has ended it.
    boolean isStopping() {
        return stopping;
    }

    @Override
    public void close() {
        parts.close();
        closed.countDown();
    }

    // The main thread closes everything as it unwinds. One that is still starting does so when it next opens a part:
    // what it holds is closed from here meanwhile, what it opens then is closed at once, so no child is left behind.
    private void stopBySignal() {
        if (closed.getCount() == 0) return; // the end of the process, not a signal
        stopping = true;
        tellEnd("by a signal");
        end.complete(0);
        Thread.ofPlatform().daemon().name("stop-parts").start(parts::close);
        try {
            if (closed.await(patience.toMillis(), TimeUnit.MILLISECONDS)) return;
            System.err.println("postmesh: stopping took too long and was cut short; no mail is lost by that");
            ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly); // Redis would live on
            Runtime.getRuntime().halt(Main.FAILED);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
