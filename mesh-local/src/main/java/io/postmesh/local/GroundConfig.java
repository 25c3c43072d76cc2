package io.postmesh.local;

import io.postmesh.contract.Placement;
import io.postmesh.runtime.kafka.KafkaSettings;
import io.postmesh.runtime.ops.LogSettings;
import io.postmesh.runtime.redis.RedisState;
import io.postmesh.runtime.settings.HostPort;
import io.postmesh.runtime.settings.Secret;
import io.postmesh.runtime.settings.Settings;
import io.postmesh.runtime.trace.TraceSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a process of the mesh needs, whichever services run in it.
///
/// @param redis  empty: the process brings its own
/// @param blobs  where large bodies lie; every service of a mesh must see the same
/// @param spread destinations whose mail is spread over all partitions (LEDGER L2); empty: the process stamps no new
///               mail at a door and follows what others publish
record GroundConfig(
        HostPort http,
        KafkaSettings kafka,
        Optional<Secret> redis,
        BlobPlace blobs,
        Optional<Set<String>> spread,
        TraceSettings traces,
        LogSettings log) {

    private static final String KAFKA = "POSTMESH_KAFKA_BOOTSTRAP";
    private static final String REDIS = "POSTMESH_REDIS_URL";
    private static final String BIG_PROVIDERS =
            "gmail.com googlemail.com outlook.com hotmail.com live.com yahoo.com aol.com icloud.com me.com gmx.de web.de";

    /// @param http where the management server listens by default
    /// @param data of the process, or of all services of the host
    static GroundConfig from(Settings s, String http, Path data, boolean hasDoor) {
        return new GroundConfig(
                s.hostPort(Listen.HTTP, http),
                KafkaSettings.from(s),
                redis(s),
                BlobPlace.from(s, data),
                hasDoor ? Optional.of(spread(s)) : Optional.empty(),
                TraceSettings.from(s),
                LogSettings.from(s));
    }

    /// A service alone brings neither: what it kept for itself, no other could read.
    static void needsOutside(Settings s) {
        need(s, KAFKA, "the brokers all services share, such as kafka1:9092,kafka2:9092");
        need(s, REDIS, "the Redis all services share, such as redis://redis:6379");
    }

    /// The same for a process that goes by this name.
    GroundConfig as(String instance) {
        return new GroundConfig(http, kafka.as(instance), redis, blobs, spread, traces, log);
    }

    private static void need(Settings s, String name, String what) {
        if (!s.isSet(name)) s.problem(name, "is not set; name " + what);
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

    private static Set<String> spread(Settings s) {
        var named = Set.copyOf(s.parsed("POSTMESH_SPREAD_DESTINATIONS", BIG_PROVIDERS, GroundConfig::domains));
        return s.isSet("RELAYHOST") ? Set.of(Placement.EVERY_DOMAIN) : named; // a relay is one destination for all
    }

    private static List<String> domains(String text) {
        return List.of(text.strip().split("[\\s,]+"));
    }
}
