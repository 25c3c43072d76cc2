package io.postmesh.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postmesh.contract.Topics;
import io.postmesh.embedded.DataFolder;
import io.postmesh.runtime.kafka.KafkaSettings;
import io.postmesh.runtime.life.ServiceRun;
import io.postmesh.runtime.settings.HostPort;
import io.postmesh.runtime.settings.Settings;
import io.vertx.core.Vertx;
import io.vertx.ext.mail.MailMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/// Ingress, with policy and signer or alone, without anybody who delivers, on a Kafka of the test's.
final class HalfMesh implements AutoCloseable {
    private final ServiceRun run = ServiceRun.named("half-mesh");
    private final KafkaSettings kafka;
    private final Vertx vertx;
    private final HostPort smtp;

    private HalfMesh(Map<String, String> backends, Path folder, boolean staged) throws Exception {
        var flags = new HashMap<>(backends);
        flags.put("POSTMESH_SMTP_LISTEN", "127.0.0.1:0");
        flags.put("POSTMESH_HTTP_LISTEN", "127.0.0.1:0");
        flags.put("ALLOW_EMPTY_SENDER_DOMAINS", "true");
        var config = NodeConfig.from(Settings.load(flags, Map.of()), folder);
        var data = run.open(DataFolder.lock(folder.resolve("half")));
        var stages = staged
                ? List.<Roles.Stage>of(new Roles.Stage.Signer(config.signer()), new Roles.Stage.Policy(config.policy()))
                : List.<Roles.Stage>of();
        var roles = new Roles(stages, Optional.of(config.ingress()));
        var ground = Ground.open(run, config.ground(), roles, data);
        int port = roles.open(run, ground.platform()).orElseThrow();
        kafka = ground.platform().kafka();
        vertx = ground.platform().vertx();
        smtp = new HostPort("127.0.0.1", port);
    }

    static HalfMesh start(Map<String, String> backends, Path folder) throws Exception {
        return new HalfMesh(backends, folder, true);
    }

    /// Nobody takes on what comes in.
    static HalfMesh doorOnly(Map<String, String> backends, Path folder) throws Exception {
        return new HalfMesh(backends, folder, false);
    }

    /// @return its mail id
    String submit(String to) throws Exception {
        return submit(to, "text\n");
    }

    String submit(String to, String text) throws Exception {
        return submit(List.of(to), text);
    }

    String submit(List<String> to, String text) throws Exception {
        var mail = new MailMessage()
                .setFrom("ann@demo.test")
                .setTo(to)
                .setSubject("a test")
                .setText(text);
        return Submission.send(vertx, smtp, mail).mailId();
    }

    void awaitSigned(int records) {
        await().atMost(TestMesh.SOON).until(() -> signed().size() == records);
    }

    /// Deletes the first record of `mail.signed`, as no part of the mesh ever would.
    void forgetFirstSigned() throws Exception {
        var first = signed().getFirst();
        assertThat(signed()).extracting(ConsumerRecord::partition).containsOnly(first.partition());
        try (var admin = Admin.create(kafka.admin("vandal"))) {
            var until = RecordsToDelete.beforeOffset(first.offset() + 1);
            admin.deleteRecords(Map.of(new TopicPartition(first.topic(), first.partition()), until))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
        assertThat(signed()).hasSize(1);
    }

    private List<ConsumerRecord<byte[], byte[]>> signed() {
        try (var consumer = new KafkaConsumer<byte[], byte[]>(kafka.consumer("looker", ""))) {
            var all = consumer.partitionsFor(Topics.SIGNED.topic()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            var found = new ArrayList<ConsumerRecord<byte[], byte[]>>();
            var ends = consumer.endOffsets(all);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(200)).forEach(found::add);
            }
            return found;
        }
    }

    @Override
    public void close() {
        run.close();
    }
}
