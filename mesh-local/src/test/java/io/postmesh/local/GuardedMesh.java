package io.postmesh.local;

import io.postmesh.embedded.DataFolder;
import io.postmesh.embedded.EmbeddedKafka;
import io.postmesh.embedded.EmbeddedRedis;
import io.postmesh.embedded.Guard;
import io.postmesh.lab.sink.SelfSigned;
import io.postmesh.lab.sink.SinkOptions;
import io.postmesh.lab.sink.SmtpSink;
import io.postmesh.runtime.kafka.KafkaSettings;
import io.postmesh.runtime.kafka.MeshTopics;
import io.postmesh.runtime.kafka.Rights;
import io.postmesh.runtime.life.Platform;
import io.postmesh.runtime.life.ServiceRun;
import io.postmesh.runtime.settings.HostPort;
import io.postmesh.runtime.settings.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.ResourcePattern;

/// Services, each as a user of its own, on a Kafka that speaks TLS, wants a password and denies what no rule allows.
/// The topics are there: somebody who may made them.
final class GuardedMesh implements AutoCloseable {
    static final String PASSWORD = "open, sesame";

    private final ServiceRun parts = ServiceRun.named("guarded-mesh");
    private final Path folder;
    private final SelfSigned certificate = SelfSigned.forHost("localhost");
    private final EmbeddedKafka kafka;
    private final EmbeddedRedis redis;
    private final Admin admin;
    final SmtpSink sink;

    GuardedMesh(Path folder) throws Exception {
        this.folder = folder;
        var guard =
                new Guard(certificate.certificatePem(), certificate.keyPem(), certificate.certificatePem(), Map.of());
        kafka = parts.open(EmbeddedKafka.start(
                Files.createDirectory(folder.resolve("kafka")), EmbeddedKafka.Options.guardedBy(guard)));
        redis = parts.open(EmbeddedRedis.start(Files.createDirectory(folder.resolve("redis"))));
        admin = parts.open(Admin.create(Map.of("bootstrap.servers", kafka.bootstrap())));
        sink = parts.open(SmtpSink.start(new SinkOptions()));
        MeshTopics.open(new KafkaSettings(kafka.bootstrap(), Map.of(), 1, false, true, "maker", 2, 2), Set.of("*"))
                .close();
    }

    /// A service at work.
    record Running(Platform platform, Optional<HostPort> smtp) {}

    Running start(ServiceKind kind) throws Exception {
        var run = parts.open(ServiceRun.named("postmesh-" + kind));
        var config = ServiceConfig.from(Settings.load(settings(kind.toString()), Map.of()), kind, folder);
        var data = run.open(DataFolder.lock(folder.resolve(kind.toString())));
        var ground = Ground.open(run, config.ground(), config.roles(), data);
        var port = config.roles().open(run, ground.platform());
        ground.ready(run);
        return new Running(ground.platform(), port.map(number -> new HostPort("127.0.0.1", number)));
    }

    /// What a process of this user is told.
    Map<String, String> settings(String user) throws Exception {
        return new HashMap<>(Map.ofEntries(
                Map.entry("POSTMESH_KAFKA_BOOTSTRAP", kafka.loginBootstrap()),
                Map.entry("POSTMESH_KAFKA_USER", user),
                Map.entry("POSTMESH_KAFKA_PASSWORD", PASSWORD),
                Map.entry("POSTMESH_KAFKA_CA", certificate.certificatePem()),
                Map.entry("POSTMESH_KAFKA_REPLICAS", "1"),
                Map.entry("POSTMESH_PROFILE", "fast"),
                Map.entry("POSTMESH_INSTANCE", "one"),
                Map.entry("POSTMESH_REDIS_URL", redis.url()),
                Map.entry("POSTMESH_SMTP_LISTEN", "127.0.0.1:0"),
                Map.entry("POSTMESH_HTTP_LISTEN", "127.0.0.1:0"),
                Map.entry("POSTMESH_RETRY_SCHEDULE", "1s"),
                Map.entry("ALLOWED_SENDER_DOMAINS", "demo.test"),
                Map.entry("RELAYHOST", "[127.0.0.1]:" + sink.port())));
    }

    KafkaSettings kafka(String user) throws Exception {
        return KafkaSettings.from(Settings.load(settings(user), Map.of()));
    }

    void user(String name, Rights rights) throws Exception {
        var user = new UserScramCredentialUpsertion(
                name, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), PASSWORD);
        admin.alterUserScramCredentials(List.of(user)).all().get(30, TimeUnit.SECONDS);
        admin.createAcls(rights.all().stream().map(right -> rule(name, right)).toList())
                .all()
                .get(30, TimeUnit.SECONDS);
    }

    void take(String user, Rights.Right right) throws Exception {
        admin.deleteAcls(List.of(rule(user, right).toFilter())).all().get(30, TimeUnit.SECONDS);
    }

    private static AclBinding rule(String user, Rights.Right right) {
        return new AclBinding(
                new ResourcePattern(right.type(), right.name(), right.pattern()),
                new AccessControlEntry("User:" + user, "*", right.operation(), AclPermissionType.ALLOW));
    }

    @Override
    public void close() {
        parts.close();
    }
}
