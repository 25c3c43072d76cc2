package io.postmesh.contract;

/// The topics and what each needs of its configuration. Partition counts come from settings; `PER_OWNER` topics share
/// one.
public enum Topics {
    ACCEPTED("mail.accepted", Cleanup.TRIMMED, Spread.STAGE, Kind.MAIL),
    CLEARED("mail.cleared", Cleanup.TRIMMED, Spread.PER_OWNER, Kind.MAIL),
    SIGNED("mail.signed", Cleanup.TRIMMED, Spread.PER_OWNER, Kind.MAIL),
    OUTCOMES("mail.outcomes", Cleanup.TRIMMED, Spread.PER_OWNER, Kind.MAIL),
    WAITING("mail.waiting", Cleanup.COMPACTED, Spread.PER_OWNER, Kind.MAIL),
    WAITING_BODIES("mail.waiting.bodies", Cleanup.COMPACTED, Spread.PER_OWNER, Kind.MAIL),
    QUARANTINE("mail.quarantine", Cleanup.TRIMMED, Spread.SINGLE, Kind.MAIL),
    EVENTS("mail.events", Cleanup.TIMED, Spread.STAGE, Kind.NOTES),
    CONFIG("mesh.config", Cleanup.COMPACTED, Spread.SINGLE, Kind.NOTES),
    CONTROL("mesh.control", Cleanup.COMPACTED, Spread.SINGLE, Kind.NOTES),
    ANSWERS("mesh.answers", Cleanup.COMPACTED, Spread.SINGLE, Kind.NOTES);

    /// How a topic forgets: `TRIMMED` has no time retention, a trimmer removes what every reader committed (LEDGER
    /// L21);
    /// `TIMED` may be lost to time, it holds no mail.
    public enum Cleanup {
        TRIMMED,
        COMPACTED,
        TIMED
    }

    /// How many partitions: one, as many as the stage wants, or the owners' common count (LEDGER L5).
    public enum Spread {
        SINGLE,
        STAGE,
        PER_OWNER
    }

    /// Mail topics are fsynced per batch in profile `durable`.
    public enum Kind {
        MAIL,
        NOTES
    }

    private final String topic;
    private final Cleanup cleanup;
    private final Spread spread;
    private final Kind kind;

    Topics(String topic, Cleanup cleanup, Spread spread, Kind kind) {
        this.topic = topic;
        this.cleanup = cleanup;
        this.spread = spread;
        this.kind = kind;
    }

    public String topic() {
        return topic;
    }

    public Cleanup cleanup() {
        return cleanup;
    }

    public Spread spread() {
        return spread;
    }

    public Kind kind() {
        return kind;
    }
}
