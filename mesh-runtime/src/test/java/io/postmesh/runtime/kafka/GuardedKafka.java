package io.postmesh.runtime.kafka;

import io.postmesh.embedded.EmbeddedKafka;
import io.postmesh.embedded.Guard;
import io.postmesh.lab.sink.SelfSigned;
import io.postmesh.runtime.settings.BadSettings;
import io.postmesh.runtime.settings.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/// A real broker that lets in who shows a password or a certificate, and denies what no rule allows.
final class GuardedKafka implements AutoCloseable {
    /// Every character that a login's syntax might trip over.
    static final String PASSWORD = "pass \"word\\;'=";

    final SelfSigned server = SelfSigned.forHost("localhost");
    final SelfSigned mesh = SelfSigned.forHost("mesh.demo.test");
    private final EmbeddedKafka broker;
    private final Admin admin;

    GuardedKafka() throws Exception {
        var guard =
                new Guard(server.certificatePem(), server.keyPem(), mesh.certificatePem(), Map.of("plain", PASSWORD));
        broker = EmbeddedKafka.start(
                Files.createTempDirectory(Path.of("target"), "guarded"), EmbeddedKafka.Options.guardedBy(guard));
        admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()));
        for (var mechanism : List.of(ScramMechanism.SCRAM_SHA_256, ScramMechanism.SCRAM_SHA_512)) {
            var user = new UserScramCredentialUpsertion("scram", new ScramCredentialInfo(mechanism, 4096), PASSWORD);
            admin.alterUserScramCredentials(List.of(user)).all().get(30, TimeUnit.SECONDS);
        }
    }

    /// To the listener for passwords.
    Map<String, String> login(String... more) throws Exception {
        return with(broker.loginBootstrap(), more);
    }

    /// To the listener for certificates.
    Map<String, String> mutual(String... more) throws Exception {
        return with(broker.mutualBootstrap(), more);
    }

    private Map<String, String> with(String bootstrap, String... more) throws Exception {
        var all = new HashMap<>(Map.of(
                "POSTMESH_KAFKA_BOOTSTRAP", bootstrap,
                "POSTMESH_KAFKA_REPLICAS", "1",
                "POSTMESH_OWNER_PARTITIONS", "2",
                "POSTMESH_ACCEPTED_PARTITIONS", "2",
                "POSTMESH_KAFKA_CA", server.certificatePem()));
        for (int i = 0; i < more.length; i += 2) all.put(more[i], more[i + 1]);
        return all;
    }

    static KafkaSettings settings(Map<String, String> values) throws BadSettings {
        var settings = Settings.load(Map.of(), values);
        var kafka = KafkaSettings.from(settings);
        settings.check();
        return kafka;
    }

    /// Everything the mesh does with topics.
    void allowAll(String user) throws Exception {
        allow(user, AclOperation.ALL, new ResourcePattern(ResourceType.TOPIC, "*", PatternType.LITERAL));
        allow(user, AclOperation.ALL, new ResourcePattern(ResourceType.GROUP, "*", PatternType.LITERAL));
    }

    void allow(String user, Rights rights, AclOperation... but) throws Exception {
        for (var right : rights.all())
            if (!Arrays.asList(but).contains(right.operation()))
                allow(user, right.operation(), new ResourcePattern(right.type(), right.name(), right.pattern()));
    }

    void allow(String user, AclOperation operation, ResourcePattern what) throws Exception {
        var entry = new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.ALLOW);
        admin.createAcls(List.of(new AclBinding(what, entry))).all().get(30, TimeUnit.SECONDS);
    }

    /// A user of SCRAM-SHA-512 who may do nothing yet.
    void user(String name) throws Exception {
        var user = new UserScramCredentialUpsertion(
                name, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), PASSWORD);
        admin.alterUserScramCredentials(List.of(user)).all().get(30, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        admin.close();
        broker.close();
    }
}
