package io.postmesh.bench;

import io.postmesh.bench.Sender.Letters;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// One relay under one sender, from the first connection to the last message at the sink.
final class Measurement {
    private static final Duration STALL = Duration.ofSeconds(60);
    private static final Duration SETTLE = Duration.ofSeconds(2); // duplicates come late

    private final RelayUnderTest relay;
    private final DebianSink sink;
    private final Sender sender;
    private final Letters letters;

    Measurement(RelayUnderTest relay, DebianSink sink, Sender sender, Letters letters) {
        this.relay = relay;
        this.sink = sink;
        this.sender = sender;
        this.letters = letters;
    }

    /// @param accepted a second, while the sender was sending
    /// @param endToEnd a second, until the sink had the last one
    /// @param saw      what the sink counted, two seconds later
    /// @param cpu      of each of the relay's processes, from the first message to the last; empty: not known
    record Result(
            String relay,
            String sender,
            int size,
            int messages,
            double accepted,
            double endToEnd,
            int saw,
            Optional<Long> memory,
            String cpu) {
        boolean isExact() {
            return saw == messages;
        }

        @Override
        public String toString() {
            var mib = memory.map(octets -> ", peak memory " + (octets >> 20) + " MiB")
                    .orElse("");
            return String.format(
                    Locale.ROOT,
                    "%s size=%d: accept %.0f/s, end-to-end %.0f/s (%d msgs, sink saw %d), %s%s%s",
                    relay,
                    size,
                    accepted,
                    endToEnd,
                    messages,
                    saw,
                    sender,
                    mib,
                    cpu.isEmpty() ? "" : "; CPU " + cpu);
        }
    }

    /// @param warmUp messages sent before the clock starts
    Result run(int count, int warmUp) throws CannotMeasure, IOException, InterruptedException {
        if (warmUp > 0) {
            sendToAllDoors(warmUp);
            awaitSink(sink.messages(), warmUp);
        }
        int before = sink.messages();
        var processes = relay.processes();
        var idle = Cpu.now(processes);
        long start = System.nanoTime();
        sendToAllDoors(count);
        long accepted = System.nanoTime();
        long delivered = awaitSink(before, before + count);
        var cpu = processes.isEmpty() ? "" : Cpu.now(processes).since(idle, count);
        Thread.sleep(SETTLE);
        return new Result(
                relay.name(),
                sender.toString(),
                letters.size(),
                count,
                perSecond(count, accepted - start),
                perSecond(count, delivered - start),
                sink.messages() - before,
                relay.peakMemory(),
                cpu);
    }

    // Side by side; returns when the last message is accepted.
    private void sendToAllDoors(int count) throws CannotMeasure, IOException, InterruptedException {
        var doors = relay.doors();
        if (doors.size() == 1) {
            sender.send(count, letters, doors.getFirst());
            return;
        }
        var each = new Letters(letters.size(), Math.max(1, letters.sessions() / doors.size()));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var sent = new ArrayList<Future<?>>();
            for (int door = 0; door < doors.size(); door++) {
                int share = count / doors.size() + (door < count % doors.size() ? 1 : 0);
                var to = doors.get(door);
                sent.add(threads.submit(() -> {
                    sender.send(share, each, to);
                    return null;
                }));
            }
            for (var one : sent) one.get();
        } catch (ExecutionException e) {
            throw new CannotMeasure("one of the doors was not served: " + e.getCause());
        }
    }

    // When the sink had them all; or when its count last moved, if some never come.
    private long awaitSink(int before, int wanted) throws InterruptedException {
        int seen = before;
        long moved = System.nanoTime();
        while (seen < wanted && System.nanoTime() - moved < STALL.toNanos()) {
            Thread.sleep(10);
            int now = sink.messages();
            if (now > seen) moved = System.nanoTime();
            seen = now;
        }
        return moved;
    }

    private static double perSecond(int count, long nanos) {
        return count / (nanos / 1e9);
    }
}
