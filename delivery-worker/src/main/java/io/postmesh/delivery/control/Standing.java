package io.postmesh.delivery.control;

import io.postmesh.contract.Action;
import java.time.Instant;
import java.util.Locale;

/// An action with its place in `mesh.control`.
///
/// @param offset its place: who came later knew of it
/// @param until  it is valid
public record Standing(long offset, Instant until, Action action) {
    public boolean isValid(Instant now) {
        return now.isBefore(until);
    }

    /// It says how things are, for as long as it is valid, and not what is to be done once.
    public boolean isCondition() {
        return switch (action.verb()) {
            case SUSPEND, RESUME -> true;
            case HOLD, RELEASE, FLUSH, BOUNCE, CANCEL, SUMMARY, LIST -> false;
        };
    }

    /// What a mail for which it was carried out has heeded.
    public long heeded() {
        return offset + 1;
    }

    /// For the ledger. The reason stands after the first colon.
    public String note() {
        var verb = action.verb().name().toLowerCase(Locale.ROOT);
        return verb + " " + action.id() + " by " + action.by().replace(':', '.') + ": " + action.reason();
    }
}
