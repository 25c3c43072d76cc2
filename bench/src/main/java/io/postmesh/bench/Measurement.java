package io.postmesh.bench;

import io.postmesh.bench.Sender.Letters;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

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
    record Result(
            String relay,
            String sender,
            int size,
            int messages,
            double accepted,
            double endToEnd,
            int saw,
            Optional<Long> memory) {
        boolean isExact() {
            return saw == messages;
        }

        @Override
        public String toString() {
            var mib = memory.map(octets -> ", peak memory " + (octets >> 20) + " MiB")
                    .orElse("");
            return String.format(
                    Locale.ROOT,
                    "%s size=%d: accept %.0f/s, end-to-end %.0f/s (%d msgs, sink saw %d), %s%s",
                    relay,
                    size,
                    accepted,
                    endToEnd,
                    messages,
                    saw,
                    sender,
                    mib);
        }
    }

    /// @param warmUp messages sent before the clock starts
    Result run(int count, int warmUp) throws CannotMeasure, IOException, InterruptedException {
        if (warmUp > 0) {
            sender.send(warmUp, letters, relay.smtp());
            awaitSink(sink.messages(), warmUp);
        }
        int before = sink.messages();
        long start = System.nanoTime();
        sender.send(count, letters, relay.smtp());
        long accepted = System.nanoTime();
        long delivered = awaitSink(before, before + count);
        Thread.sleep(SETTLE);
        return new Result(
                relay.name(),
                sender.toString(),
                letters.size(),
                count,
                perSecond(count, accepted - start),
                perSecond(count, delivered - start),
                sink.messages() - before,
                relay.peakMemory());
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
