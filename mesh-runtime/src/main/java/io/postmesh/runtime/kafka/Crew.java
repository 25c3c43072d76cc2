package io.postmesh.runtime.kafka;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/// Who handles a stage's records, side by side.
final class Crew implements AutoCloseable {
    private final ExecutorService executor;
    private final Semaphore places;
    private final StageHandler handler;
    private final Set<Work> atWork = ConcurrentHashMap.newKeySet();

    Crew(String stage, StageSpec.Workers workers, StageHandler handler) {
        this.handler = handler;
        switch (workers) {
            case StageSpec.Workers.Waiting(int most) -> {
                executor = Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name(stage + "-", 0).factory());
                places = new Semaphore(most);
            }
            case StageSpec.Workers.Computing(int threads) -> {
                executor = Executors.newFixedThreadPool(
                        threads,
                        Thread.ofPlatform().daemon().name(stage + "-", 0).factory());
                places = new Semaphore(threads);
            }
        }
    }

    void start(Work work) {
        atWork.add(work);
        executor.execute(() -> {
            places.acquireUninterruptibly();
            try {
                work.run(handler);
            } finally {
                places.release();
                atWork.remove(work);
            }
        });
    }

    /// Interrupts handlers that do not come back; whoever waits for one is told that it failed.
    void interrupt() {
        executor.shutdownNow();
        atWork.forEach(Work::abandon);
    }

    @Override
    public void close() {
        interrupt();
    }
}
