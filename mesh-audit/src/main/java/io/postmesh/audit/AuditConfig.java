package io.postmesh.audit;

import io.postmesh.runtime.kafka.ReplayWindow;
import io.postmesh.runtime.settings.Settings;
import java.time.Duration;

/// @param replayWindow what the trimmer leaves everywhere (LEDGER L21), and so how far an audit looks back
/// @param every        how often a node audits itself; zero: never
public record AuditConfig(Duration replayWindow, Duration every) {
    public static AuditConfig from(Settings s) {
        var every = s.duration("POSTMESH_AUDIT_EVERY", "1h"); // reads all that was accepted in twice that time
        if (!every.isZero() && every.compareTo(Duration.ofSeconds(1)) < 0)
            s.problem("POSTMESH_AUDIT_EVERY", "give 1s or more, or 0s for never");
        return new AuditConfig(ReplayWindow.from(s).length(), every);
    }
}
