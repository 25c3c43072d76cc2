package io.postmesh.lab.faults;

import io.postmesh.lab.load.LoadGen;
import io.postmesh.lab.load.LoadPlan;
import io.postmesh.lab.load.LoadReport;
import io.postmesh.lab.load.Witness;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Sends a workload and remembers every answer; each 250 is on the disk before its session goes on.
final class Driver implements Witness {
    private static final int SLOWLY = 8;

    private final Queue<Accepted> accepted = new ConcurrentLinkedQueue<>();
    private final Queue<Refused> refused = new ConcurrentLinkedQueue<>();
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicLong longestAnswer = new AtomicLong();
    private final CompletableFuture<LoadReport> report = new CompletableFuture<>();
    private final Thread thread;
    private final double full;
    private volatile int enough;

    private Driver(Workload workload, List<InetSocketAddress> doors, Path ledger) {
        full = workload.rate();
        enough = workload.messages();
        var plan = workload.plan(doors, ledger, this::pace);
        thread = Thread.ofPlatform().daemon().name("driver").unstarted(() -> run(plan));
    }

    static Driver start(Workload workload, List<InetSocketAddress> doors, Path ledger) {
        var driver = new Driver(workload, doors, ledger);
        driver.thread.start();
        return driver;
    }

    /// Once so many messages are taken the rest comes slowly: what is done to the mesh meanwhile takes its
    /// time, and what is to be done next shall meet mail, too.
    void slowDownFrom(int messages) {
        enough = messages;
    }

    private double pace() {
        return taken.get() < enough ? full : full / SLOWLY;
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

    @Override
    public void answered(Duration afterDot) {
        longestAnswer.accumulateAndGet(afterDot.toNanos(), Math::max);
    }

    /// The longest time from a dot to its reply, whatever that was.
    Duration longestAnswer() {
        return Duration.ofNanos(longestAnswer.get());
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
