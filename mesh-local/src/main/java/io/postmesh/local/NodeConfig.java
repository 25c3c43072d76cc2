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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Everything one process needs to be the whole mesh.
///
/// @param described `NAME=value` of all settings, secrets masked
record NodeConfig(
        GroundConfig ground,
        IngressConfig ingress,
        PolicyConfig policy,
        SignerConfig signer,
        DeliveryConfig delivery,
        AuditConfig audit,
        List<String> described) {

    static final String HTTP = "127.0.0.1:8080";

    /// Reads every setting, so that all problems are told at once.
    ///
    /// @param data where bodies and generated keys lie, unless a setting says otherwise
    static NodeConfig from(Settings s, Path data) throws BadSettings, NoSenderRule {
        s.alsoKnown(DataHome.NAME);
        var ground = GroundConfig.from(s, HTTP, data, true);
        var policy = PolicyConfig.from(s);
        var signer = SignerConfig.from(s, data);
        var delivery = DeliveryConfig.from(s, data);
        var audit = AuditConfig.from(s);
        var ingress = ingress(s, IngressConfig::from);
        s.check();
        return new NodeConfig(ground, ingress, policy, signer, delivery, audit, s.describe());
    }

    /// Delivery first: what a stage writes finds its reader at work.
    Roles roles() {
        return new Roles(
                List.of(
                        new Roles.Stage.Delivery(delivery, audit),
                        new Roles.Stage.Signer(signer),
                        new Roles.Stage.Policy(policy)),
                Optional.of(ingress));
    }

    /// How the door's settings are read.
    interface Reader {
        IngressConfig read(Settings s) throws NoSenderRule;
    }

    /// @throws BadSettings when there are other problems beside the missing sender rule: all are told
    static IngressConfig ingress(Settings s, Reader door) throws BadSettings, NoSenderRule {
        try {
            return door.read(s);
        } catch (NoSenderRule missing) {
            sayAllOf(s, missing);
            throw missing;
        }
    }

    private static void sayAllOf(Settings s, NoSenderRule missing) throws BadSettings {
        try {
            s.check();
        } catch (BadSettings others) {
            var all = new ArrayList<>(others.problems());
            all.add(String.valueOf(missing.getMessage()));
            throw new BadSettings(all);
        }
    }
}
