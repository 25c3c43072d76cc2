package io.postmesh.lab.faults;

import io.postmesh.lab.load.LoadGen;
import io.postmesh.lab.load.LoadPlan;
import io.postmesh.lab.load.LoadReport;
import io.postmesh.lab.load.Witness;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// Sends a workload and remembers every answer; each 250 is on the disk before its session goes on.
final class Driver implements Witness {
    private final Queue<Accepted> accepted = new ConcurrentLinkedQueue<>();
    private final Queue<Refused> refused = new ConcurrentLinkedQueue<>();
    private final AtomicInteger taken = new AtomicInteger();
    private final CompletableFuture<LoadReport> report = new CompletableFuture<>();
    private final Thread thread;

    private Driver(LoadPlan plan) {
        thread = Thread.ofPlatform().daemon().name("driver").unstarted(() -> run(plan));
    }

    static Driver start(LoadPlan plan) {
        var driver = new Driver(plan);
        driver.thread.start();
        return driver;
    }

    private void run(LoadPlan plan) {
        try {
            report.complete(LoadGen.run(plan, this));
        } catch (RuntimeException e) {
            report.completeExceptionally(e);
        }
    }

    @Override
    public void accepted(Accepted mail) {
        accepted.add(mail);
        taken.incrementAndGet();
    }

    @Override
    public void refused(Refused refusal) {
        refused.add(refusal);
    }

    /// Messages taken so far.
    int taken() {
        return taken.get();
    }

    boolean isOver() {
        return report.isDone();
    }

    /// Waits until each letter has its answer.
    LoadReport await() {
        return report.join();
    }

    /// Gives up what is not sent yet.
    void stop() {
        thread.interrupt();
    }

    List<Accepted> accepted() {
        return List.copyOf(accepted);
    }

    List<Refused> refused() {
        return List.copyOf(refused);
    }
}
