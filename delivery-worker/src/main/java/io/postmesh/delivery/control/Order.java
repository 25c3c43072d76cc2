package io.postmesh.delivery.control;

import io.postmesh.contract.Action;
import java.time.Instant;
import java.util.Optional;

/// What all actions in force together say of one mail.
public sealed interface Order {
    /// It may be attempted.
    ///
    /// @param heeded actions of `mesh.control` below this offset are dealt with
    /// @param called the latest flush or release it had not heeded yet
    record Go(long heeded, Optional<Standing> called) implements Order {
        /// Whatever held it holds it no more.
        public boolean isReleased() {
            return called.isPresent() && called.get().action().verb() == Action.Verb.RELEASE;
        }
    }

    /// No attempt until then.
    record Wait(Instant until, long heeded) implements Order {}

    /// No attempt until somebody releases it.
    record Hold(Standing by, long heeded) implements Order {}

    /// No attempt any more, for those of its recipients that the action selects.
    record End(Standing by) implements Order {}
}
