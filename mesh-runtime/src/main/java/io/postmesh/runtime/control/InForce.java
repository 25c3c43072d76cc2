package io.postmesh.runtime.control;

import io.postmesh.contract.Action;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// An action that stands, and what later ones make of it.
///
/// @param until    it stands: one that ended others is remembered as long as they are
/// @param overrule a later one selects all of its mail and says the opposite: it has no effect any more
/// @param except   later ones that say the opposite of some of its mail
public record InForce(Action action, Instant since, Instant until, Optional<Action> overrule, List<Action> except) {
    public InForce {
        except = List.copyOf(except);
    }

    /// The last word on its mail, or on some of it.
    public boolean hasEffect() {
        return overrule.isEmpty();
    }
}
