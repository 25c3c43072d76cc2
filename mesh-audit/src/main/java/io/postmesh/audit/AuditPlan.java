package io.postmesh.audit;

import java.time.Duration;

/// @param replayWindow what the trimmer leaves everywhere (L21)
/// @param most         recipients there is memory for
/// @param pause        before it looks again and names anyone missing
/// @param named        how many of the missing are named at most
public record AuditPlan(Duration replayWindow, int most, Duration pause, int named) {
    /// LEDGER L23; longer than the 10 s after which Kafka aborts a dead stage's transaction.
    public static final Duration PAUSE = Duration.ofSeconds(15);

    private static final int NAMED = 100;
    private static final int OCTETS = 160; // 96 for a recipient while the table grows; the old generation is 2/3

    public static AuditPlan of(Duration replayWindow, int most) {
        return new AuditPlan(replayWindow, most, PAUSE, NAMED);
    }

    /// As many recipients as the heap of this process holds: 5 million in 768 MiB.
    public static int mostInThisHeap() {
        return (int) Math.min(1 << 28, Runtime.getRuntime().maxMemory() / OCTETS);
    }
}
