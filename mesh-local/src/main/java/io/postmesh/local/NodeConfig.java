package io.postmesh.local;

import io.postmesh.delivery.DeliveryConfig;
import io.postmesh.ingress.IngressConfig;
import io.postmesh.ingress.NoSenderRule;
import io.postmesh.policy.PolicyConfig;
import io.postmesh.runtime.kafka.KafkaSettings;
import io.postmesh.runtime.ops.LogSettings;
import io.postmesh.runtime.redis.RedisState;
import io.postmesh.runtime.settings.BadSettings;
import io.postmesh.runtime.settings.HostPort;
import io.postmesh.runtime.settings.Secret;
import io.postmesh.runtime.settings.Settings;
import io.postmesh.signer.SignerConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Everything one process needs to be the whole mesh.
///
/// @param redis     empty: the process brings its own
/// @param spread    destinations whose mail is spread over all partitions (LEDGER L2)
/// @param described `NAME=value` of all settings, secrets masked
record NodeConfig(
        HostPort http,
        KafkaSettings kafka,
        Optional<Secret> redis,
        Set<String> spread,
        LogSettings log,
        IngressConfig ingress,
        PolicyConfig policy,
        SignerConfig signer,
        DeliveryConfig delivery,
        List<String> described) {

    private static final String REDIS = "POSTMESH_REDIS_URL";
    private static final String BIG_PROVIDERS =
            "gmail.com googlemail.com outlook.com hotmail.com live.com yahoo.com aol.com icloud.com me.com gmx.de web.de";

    /// Reads every setting, so that all problems are told at once.
    ///
    /// @param data where generated keys lie, unless a setting says otherwise
    static NodeConfig from(Settings s, Path data) throws BadSettings, NoSenderRule {
        s.alsoKnown(DataHome.NAME);
        var http = s.hostPort("POSTMESH_HTTP_LISTEN", "127.0.0.1:8080");
        var kafka = KafkaSettings.from(s);
        var redis = redis(s);
        var spread = Set.copyOf(s.parsed("POSTMESH_SPREAD_DESTINATIONS", BIG_PROVIDERS, NodeConfig::domains));
        var log = LogSettings.from(s);
        var policy = PolicyConfig.from(s);
        var signer = SignerConfig.from(s, data);
        var delivery = DeliveryConfig.from(s);
        var ingress = ingress(s);
        s.check();
        return new NodeConfig(http, kafka, redis, spread, log, ingress, policy, signer, delivery, s.describe());
    }

    private static IngressConfig ingress(Settings s) throws BadSettings, NoSenderRule {
        try {
            return IngressConfig.from(s);
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

    private static Optional<Secret> redis(Settings s) {
        var url = s.secret(REDIS);
        url.ifPresent(given -> {
            try {
                RedisState.checkUrl(given.reveal());
            } catch (IllegalArgumentException e) {
                s.problem(REDIS, String.valueOf(e.getMessage()));
            }
        });
        return url;
    }

    private static List<String> domains(String text) {
        return List.of(text.strip().split("[\\s,]+"));
    }
}
