package io.postmesh.delivery.owner;

/// What the next owner of a partition will read of the past: for whoever removes it.
public final class ReplayNeed {
    private ReplayNeed() {}

    /// The first offset of `mail.outcomes` that a take-over reads (LEDGER L17, L18).
    ///
    /// @param metadata of the delivery group's commit; one without a bookmark makes the next owner read everything
    public static long outcomesFrom(String metadata) {
        return Bookmark.parse(metadata).map(Bookmark::readFrom).orElse(0L);
    }
}
