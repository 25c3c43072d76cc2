package io.postmesh.local;

import io.postmesh.audit.AuditConfig;
import io.postmesh.delivery.DeliveryConfig;
import io.postmesh.ingress.IngressConfig;
import io.postmesh.ingress.NoSenderRule;
import io.postmesh.policy.PolicyConfig;
import io.postmesh.runtime.settings.BadSettings;
import io.postmesh.runtime.settings.Settings;
import io.postmesh.signer.SignerConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Everything one process needs to be one service of the mesh.
///
/// @param described `NAME=value` of the settings it uses, secrets masked
record ServiceConfig(GroundConfig ground, Roles roles, List<String> described) {

    /// Reads what this service uses and nothing else. The names of the others are no mistakes: an environment is often
    /// shared by all.
    ///
    /// @param data of all services of the host
    static ServiceConfig from(Settings s, ServiceKind kind, Path data) throws BadSettings, NoSenderRule {
        s.alsoKnown(names().toArray(String[]::new));
        GroundConfig.needsOutside(s);
        var ground = GroundConfig.from(s, kind.http(), data, kind == ServiceKind.INGRESS);
        var roles = roles(s, kind, data);
        s.check();
        return new ServiceConfig(ground, roles, s.describe());
    }

    private static Roles roles(Settings s, ServiceKind kind, Path data) throws BadSettings, NoSenderRule {
        return switch (kind) {
            case INGRESS -> new Roles(List.of(), Optional.of(NodeConfig.ingress(s, IngressConfig::amongOthers)));
            case POLICY -> alone(new Roles.Stage.Policy(PolicyConfig.from(s)));
            case SIGNER -> alone(new Roles.Stage.Signer(SignerConfig.from(s, data)));
            case DELIVERY -> alone(new Roles.Stage.Delivery(DeliveryConfig.amongOthers(s, data), AuditConfig.from(s)));
        };
    }

    private static Roles alone(Roles.Stage stage) {
        return new Roles(List.of(stage), Optional.empty());
    }

    /// Every name the mesh knows, learned from its readers, so it is never out of date. They find nothing set and a
    /// folder that is not there: no key is read and none is made.
    static Set<String> names() {
        var asked = Settings.load(Map.of("ALLOW_EMPTY_SENDER_DOMAINS", "1"), Map.of());
        try {
            var _ = NodeConfig.from(asked, Path.of("/nonexistent/postmesh"));
        } catch (BadSettings | NoSenderRule e) {
            throw new IllegalStateException("the defaults alone are a complete configuration", e);
        }
        return asked.names();
    }
}
