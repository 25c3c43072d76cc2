package io.postmesh.audit;

/// A question that has no true answer: the window is too long for what Kafka still has, or for the memory.
public final class AuditRefused extends Exception {
    private static final long serialVersionUID = 1;

    /// Refused for want of memory; a shorter window may fit.
    private final boolean large;

    private AuditRefused(String message, boolean large) {
        super(message);
        this.large = large;
    }

    static AuditRefused tooOld(String message) {
        return new AuditRefused(message, false);
    }

    static AuditRefused tooLarge(String message) {
        return new AuditRefused(message, true);
    }

    public boolean isLarge() {
        return large;
    }
}
