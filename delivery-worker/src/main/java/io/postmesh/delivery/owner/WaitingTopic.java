package io.postmesh.delivery.owner;

import io.postmesh.contract.Topics;
import io.postmesh.delivery.waiting.Indexes;
import io.postmesh.runtime.kafka.KafkaSettings;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;

/// What `mail.waiting` is at this moment: its id, and for how long it keeps tombstones (LEDGER L20).
final class WaitingTopic implements AutoCloseable {
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final String RETENTION = "delete.retention.ms";

    private final Admin admin;
    private final Clock clock;

    private WaitingTopic(Admin admin, Clock clock) {
        this.admin = admin;
        this.clock = clock;
    }

    static WaitingTopic open(KafkaSettings kafka, Clock clock) {
        return new WaitingTopic(Admin.create(kafka.admin("waiting-topic")), clock);
    }

    /// @throws KafkaException when Kafka does not say
    Indexes.Rule rule() throws InterruptedException {
        var topic = Topics.WAITING.topic();
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        var described = admin.describeTopics(List.of(topic)).allTopicNames();
        var configured = admin.describeConfigs(List.of(resource)).all();
        var id = Objects.requireNonNull(answer(described).get(topic)).topicId();
        var config = Objects.requireNonNull(answer(configured).get(resource));
        var retention = Duration.ofMillis(Long.parseLong(config.get(RETENTION).value()));
        return new Indexes.Rule(id.toString(), retention, clock.instant());
    }

    private static <T> T answer(Future<T> asked) throws InterruptedException {
        try {
            return asked.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("Kafka does not say what " + Topics.WAITING.topic() + " is", e);
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }
}
