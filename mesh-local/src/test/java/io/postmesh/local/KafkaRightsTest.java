package io.postmesh.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postmesh.contract.Reader;
import io.postmesh.contract.Topics;
import io.postmesh.delivery.DeliveryService;
import io.postmesh.delivery.forget.Trimmer;
import io.postmesh.ingress.IngressService;
import io.postmesh.policy.PolicyService;
import io.postmesh.runtime.kafka.ReplayWindow;
import io.postmesh.runtime.kafka.Rights;
import io.postmesh.signer.SignerService;
import io.vertx.ext.mail.MailMessage;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What the page gives each service to do on Kafka is enough, and what is missing is said at the start.
@Timeout(300)
class KafkaRightsTest {
    private static final Topics[] WALKED = {
        Topics.ACCEPTED, Topics.CLEARED, Topics.SIGNED, Topics.OUTCOMES, Topics.WAITING, Topics.WAITING_BODIES
    };

    /// `audit`, `queue` and `partitions`.
    private static final Rights OPERATOR = Stream.of(WALKED)
            .map(topic -> new Rights.Right(AclOperation.ALTER, ResourceType.TOPIC, topic.topic(), PatternType.LITERAL))
            .map(right -> new Rights(List.of(right)))
            .reduce(
                    Rights.LOOK
                            .read(Topics.values())
                            .write(Topics.ACCEPTED, Topics.EVENTS, Topics.CONFIG, Topics.CONTROL, Topics.ANSWERS)
                            .group(AclOperation.DESCRIBE, Reader.POLICY.group())
                            .group(AclOperation.DESCRIBE, Reader.SIGNER.group())
                            .group(AclOperation.DESCRIBE, Reader.DELIVERY.group())
                            .group(AclOperation.DESCRIBE, Reader.BOUNCER.group()),
                    Rights::and);

    private static final Map<String, Rights> USERS = Map.of(
            "ingress", IngressService.RIGHTS,
            "policy", PolicyService.RIGHTS,
            "signer", SignerService.RIGHTS,
            "delivery", DeliveryService.RIGHTS,
            "operator", OPERATOR);

    @TempDir
    private Path folder;

    @Test
    void thePageGivesEachUserExactlyWhatItNeeds() throws Exception {
        var page = Files.readString(Path.of("../docs/operations.md"));
        assertThat(USERS).allSatisfy((user, rights) -> assertThat(page).contains(row(user, rights)));
    }

    @Test
    void withTheseRightsAndNoOthersMailIsCarriedReportedAuditedTrimmedAndLookedAt() throws Exception {
        try (var mesh = new GuardedMesh(folder)) {
            for (var user : USERS.entrySet()) mesh.user(user.getKey(), user.getValue());
            var door = mesh.start(ServiceKind.INGRESS); // first: no other may publish the blob store
            var delivery = mesh.start(ServiceKind.DELIVERY);
            mesh.start(ServiceKind.SIGNER);
            mesh.start(ServiceKind.POLICY);
            var mail = new MailMessage()
                    .setFrom("ann@demo.test")
                    .setTo(List.of("ok@one.test", "greylist@two.test", "reject@three.test"))
                    .setSubject("a test")
                    .setText("text\n");
            var id = Submission.send(door.platform().vertx(), door.smtp().orElseThrow(), mail)
                    .mailId();
            for (var recipient : List.of("ok@one.test", "greylist@two.test", "ann@demo.test"))
                mesh.sink.inbox().awaitTo(recipient, TestMesh.SOON);
            assertThat(delivery.platform().health().ready().troubles()).isEmpty();

            assertThat(command(mesh, "audit --since 1h")).startsWith("0 ");
            assertThat(command(mesh, "queue summary")).startsWith("0 ");
            assertThat(command(mesh, "queue why " + id)).startsWith("0 ").contains("ok@one.test");
            assertThat(command(mesh, "queue resend " + id + " --reason again")).startsWith("0 ");
            assertThat(command(mesh, "partitions --raise-to 3"))
                    .startsWith("0 ")
                    .contains("new mail is placed on 3 partitions");
            await().atMost(TestMesh.SOON)
                    .untilAsserted(() -> assertThat(trimmed(mesh)).isGreaterThan(0));
        }
    }

    @Test
    void oneRightThatIsMissingIsOneLineAtTheStart() throws Exception {
        try (var mesh = new GuardedMesh(folder)) {
            mesh.user("policy", PolicyService.RIGHTS);
            assertThat(linesWithout(mesh, AclOperation.WRITE, "mail.cleared"))
                    .containsExactly(
                            "postmesh: mail.cleared: Kafka does not allow this user to WRITE; run kafka-acls.sh"
                                    + " --add --allow-principal User:... --operation WRITE --topic mail.cleared");
            assertThat(linesWithout(mesh, AclOperation.DESCRIBE, "mail.waiting"))
                    .first()
                    .asString()
                    .startsWith("postmesh: mail.waiting: Kafka does not allow this user to DESCRIBE; ");
            assertThat(linesWithout(mesh, AclOperation.READ, "policy"))
                    .containsExactly("postmesh: policy: Kafka does not allow this user to READ; run kafka-acls.sh --add"
                            + " --allow-principal User:... --operation READ --group policy");
            assertThat(lines(mesh.settings("policy")))
                    .singleElement()
                    .asString()
                    .startsWith("postmesh: This mesh has no blob store yet, and Kafka does not allow this user to WRITE"
                            + " mesh.config")
                    .contains("start ingress first");
            mesh.user("policy", Rights.NONE.write(Topics.CONFIG));
            assertThat(linesWithout(mesh, AclOperation.WRITE, "policy-"))
                    .singleElement()
                    .asString()
                    .startsWith("postmesh: a service did not start: policy: Kafka says: ")
                    .containsIgnoringCase("transactional");
        }
    }

    @Test
    void aWrongPasswordOrAuthorityEndsTheStartWithOneLineThatDoesNotShowThePassword() throws Exception {
        try (var mesh = new GuardedMesh(folder)) {
            mesh.user("policy", PolicyService.RIGHTS);
            var wrong = mesh.settings("policy");
            wrong.put("POSTMESH_KAFKA_PASSWORD", "a wrong one");
            assertThat(lines(wrong))
                    .singleElement()
                    .asString()
                    .contains("check POSTMESH_KAFKA_USER, its password and its mechanism");
            var stranger = mesh.settings("policy");
            stranger.put(
                    "POSTMESH_KAFKA_CA",
                    io.postmesh.lab.sink.SelfSigned.forHost("localhost").certificatePem());
            assertThat(lines(stranger)).singleElement().asString().contains("check POSTMESH_KAFKA_CA");
            var clear = mesh.settings("policy");
            List.of("POSTMESH_KAFKA_CA", "POSTMESH_KAFKA_USER", "POSTMESH_KAFKA_PASSWORD")
                    .forEach(clear::remove);
            assertThat(lines(clear)).singleElement().asString().contains("POSTMESH_KAFKA_SECURITY_PROTOCOL");
        }
    }

    private List<String> linesWithout(GuardedMesh mesh, AclOperation operation, String name) throws Exception {
        var right = PolicyService.RIGHTS.all().stream()
                .filter(one -> one.operation() == operation && one.name().equals(name))
                .findFirst()
                .orElseThrow();
        mesh.take("policy", right);
        var lines = lines(mesh.settings("policy"));
        mesh.user("policy", new Rights(List.of(right)));
        return lines;
    }

    /// What the operator reads beside the log.
    private List<String> lines(Map<String, String> settings) throws Exception {
        settings.put("POSTMESH_LOG_FILE", folder.resolve("log").toString());
        try (var child = Child.start("-Xmx256m", folder.resolve("data"), settings, "service", "policy")) {
            assertThat(child.await(TestMesh.SOON)).isIn(Main.FAILED, Main.CONFIG);
            assertThat(child.output() + Files.readString(folder.resolve("log")))
                    .doesNotContain(GuardedMesh.PASSWORD, "a wrong one");
            return child.output().lines().toList();
        }
    }

    /// As the worker of the first partition does it, an hour later.
    private static double trimmed(GuardedMesh mesh) throws Exception {
        var meters = new SimpleMeterRegistry();
        var later = Clock.offset(Clock.systemUTC(), Duration.ofHours(1));
        try (var trimmer =
                Trimmer.open(mesh.kafka("delivery"), new ReplayWindow(Duration.ofMinutes(1)), meters, later)) {
            trimmer.trim();
        }
        assertThat(meters.get("postmesh_trim_failures_total").counter().count()).isZero();
        return meters.get("postmesh_trim_removed_records_total").counters().stream()
                .mapToDouble(io.micrometer.core.instrument.Counter::count)
                .sum();
    }

    private static String command(GuardedMesh mesh, String words) throws Exception {
        var all = new ArrayList<>(List.of(words.split(" ")));
        for (var setting : mesh.settings("operator").entrySet())
            if (setting.getKey().startsWith("POSTMESH_KAFKA"))
                all.addAll(List.of("-s", setting.getKey() + "=" + setting.getValue()));
        var said = new StringWriter();
        int code = Main.commands()
                .setOut(new PrintWriter(said))
                .setErr(new PrintWriter(said))
                .execute(all.toArray(String[]::new));
        return code + " " + said;
    }

    private static String row(String user, Rights rights) {
        return "| " + user + " | "
                + Stream.of(
                                names(rights, AclOperation.READ, ResourceType.TOPIC),
                                names(rights, AclOperation.WRITE, ResourceType.TOPIC),
                                names(rights, AclOperation.DELETE, ResourceType.TOPIC),
                                names(rights, AclOperation.ALTER, ResourceType.TOPIC),
                                names(rights, AclOperation.READ, ResourceType.GROUP),
                                names(rights, AclOperation.DESCRIBE, ResourceType.GROUP),
                                names(rights, AclOperation.WRITE, ResourceType.TRANSACTIONAL_ID),
                                names(rights, AclOperation.DESCRIBE, ResourceType.CLUSTER))
                        .collect(Collectors.joining(" | "))
                + " |";
    }

    private static String names(Rights rights, AclOperation operation, ResourceType type) {
        return rights.all().stream()
                .filter(right -> right.operation() == operation && right.type() == type)
                .map(right -> right.type() == ResourceType.CLUSTER
                        ? "yes"
                        : "`" + right.name() + (right.pattern() == PatternType.PREFIXED ? "*" : "") + "`")
                .sorted()
                .collect(Collectors.joining(" "));
    }
}
