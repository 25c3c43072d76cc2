package io.postmesh.ingress.intake;

/// One message's part of the budget; follows what the message really holds. Touched by one thread at a time.
final class Share {
    private final Budget budget;
    private long octets;

    /// Takes over `reserved` octets.
    Share(Budget budget, long reserved) {
        this.budget = budget;
        this.octets = reserved;
    }

    void atLeast(long held) {
        if (held > octets) exactly(held);
    }

    void exactly(long held) {
        budget.add(held - octets);
        octets = held;
    }

    void release() {
        exactly(0);
    }
}
