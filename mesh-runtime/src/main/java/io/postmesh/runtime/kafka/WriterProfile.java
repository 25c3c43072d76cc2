package io.postmesh.runtime.kafka;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How a writer trades time for throughput.
///
/// @param linger      how long a batch waits for company
/// @param batchBytes  at least ten mails: with fsync per batch the batch is the group commit
/// @param bufferBytes in flight at most; what is above fails at once instead of blocking
/// @param request     time for one answer of the broker
/// @param giveUp      a record is given up this long after it was handed over; null: never
public record WriterProfile(
        Duration linger,
        int batchBytes,
        long bufferBytes,
        Duration request,
        @Nullable Duration giveUp) {

    /// Accepted mail: a client waits, so 25 s inside a reply budget of 30 s.
    public static final WriterProfile INTAKE = new WriterProfile(
            Duration.ofMillis(2), 512 << 10, 96L << 20, Duration.ofSeconds(8), Duration.ofSeconds(25));

    /// Outcomes and waiting state: what happened must be written, however long it takes (LEDGER L9).
    public static final WriterProfile LEDGER =
            new WriterProfile(Duration.ZERO, 256 << 10, 64L << 20, Duration.ofSeconds(8), null);

    /// Journey events: worth a try, not worth memory.
    public static final WriterProfile NOTES = new WriterProfile(
            Duration.ofMillis(20), 128 << 10, 16L << 20, Duration.ofSeconds(8), Duration.ofSeconds(25));

    /// @param mostBlock how long the producer may hold the gateway
    /// @param oneBroker and it is near
    Map<String, Object> properties(Map<String, Object> p, Duration mostBlock, boolean oneBroker) {
        // With one broker, what comes while a request is at its disk goes with the next: the busier, the bigger the
        // group
        // commit. Between machines a request's way costs more than its fsync, so there several are under way.
        p.put("linger.ms", oneBroker ? 0 : linger.toMillis());
        p.put("max.in.flight.requests.per.connection", oneBroker ? 1 : 5);
        p.put("batch.size", batchBytes);
        p.put("buffer.memory", bufferBytes + 16L * batchBytes); // open batches take their full size
        p.put("request.timeout.ms", (int) request.toMillis());
        p.put("delivery.timeout.ms", giveUp == null ? Integer.MAX_VALUE : (int) giveUp.toMillis());
        p.put("max.block.ms", mostBlock.toMillis());
        p.put("metadata.max.idle.ms", 86_400_000L); // a quiet night must not cost the first mail a pause
        return p;
    }
}
