package io.postmesh.runtime.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postmesh.contract.Action;
import io.postmesh.contract.ActionId;
import io.postmesh.contract.Answer;
import io.postmesh.contract.BadRecord;
import io.postmesh.contract.ControlCodec;
import io.postmesh.contract.Reader;
import io.postmesh.contract.Topics;
import io.postmesh.mail.MailId;
import io.postmesh.runtime.kafka.KafkaSettings;
import io.postmesh.runtime.kafka.Reach;
import io.postmesh.runtime.kafka.TlsProbe;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// Writes actions to `mesh.control` and gathers the answers of `mesh.answers`. Not safe for threads.
public final class Commander implements AutoCloseable {
    /// How long an operator waits for the last owner. Whoever has not answered by then is named.
    public static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration ANSWER = Duration.ofSeconds(15); // of Kafka
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration CLOSE = Duration.ofSeconds(2);
    private static final TopicPartition ANSWERS = new TopicPartition(Topics.ANSWERS.topic(), 0);
    private static final TopicPartition CONTROL = new TopicPartition(Topics.CONTROL.topic(), 0);

    private final KafkaSettings kafka;
    private final Admin admin;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final KafkaProducer<byte[], byte[]> producer;

    private Commander(KafkaSettings kafka) {
        this.kafka = kafka;
        var consumes = kafka.consumer("commander", "");
        consumes.put("isolation.level", "read_uncommitted");
        consumes.put("default.api.timeout.ms", (int) ANSWER.toMillis());
        var produces = kafka.producer("commander");
        produces.put("request.timeout.ms", (int) ANSWER.toMillis() / 2);
        produces.put("delivery.timeout.ms", (int) ANSWER.toMillis());
        produces.put("max.block.ms", ANSWER.toMillis());
        produces.put("linger.ms", 0);
        admin = Admin.create(kafka.admin("commander"));
        consumer = new KafkaConsumer<>(consumes);
        producer = new KafkaProducer<>(produces);
    }

    /// @throws IOException when Kafka cannot be reached
    public static Commander open(KafkaSettings kafka) throws IOException {
        TlsProbe.check(kafka);
        Commander commander;
        try {
            commander = new Commander(kafka);
        } catch (KafkaException e) {
            throw Reach.trouble(kafka, e);
        }
        try {
            Reach.check(kafka, commander.admin);
            return commander;
        } catch (IOException | RuntimeException e) {
            commander.close();
            throw e;
        }
    }

    public static ActionId newId() {
        return new ActionId(
                MailId.at(System.currentTimeMillis(), new SecureRandom()).text());
    }

    /// Asks, and waits until every owner has done it or the time is over. Who is done is done; the action is in force
    /// also where nobody has answered yet.
    ///
    /// @throws IOException when Kafka does not answer: then nobody was asked, or nobody knows
    public Replies ask(Action action, Duration patience) throws IOException {
        try {
            int partitions = partitions();
            consumer.assign(List.of(ANSWERS));
            consumer.seekToEnd(List.of(ANSWERS));
            consumer.position(ANSWERS, ANSWER); // only now is the end decided
            var members = members(); // now: whoever stays silent for long is none any more
            var since = write(CONTROL, action.id().text(), ControlCodec.encode(action));
            var answers = gather(action, partitions, patience);
            if (!action.stands()) forget(action, answers);
            return new Replies(
                    action, since, partitions, List.copyOf(answers.values()), silent(partitions, answers, members));
        } catch (KafkaException e) {
            throw Reach.trouble(kafka, e);
        }
    }

    /// Takes an action back: it meets no more mail. What it has done stays done.
    public void end(ActionId id) throws IOException {
        write(CONTROL, id.text(), null);
    }

    /// What stands, oldest first.
    public List<InForce> inForce(Instant now) throws IOException {
        try {
            var register = new Register();
            consumer.assign(List.of(CONTROL));
            consumer.seekToBeginning(List.of(CONTROL));
            long end = consumer.endOffsets(List.of(CONTROL), ANSWER).getOrDefault(CONTROL, 0L);
            long deadline = System.nanoTime() + ANSWER.toNanos();
            while (consumer.position(CONTROL, ANSWER) < end) {
                if (System.nanoTime() - deadline > 0)
                    throw new IOException("Kafka is too slow to say what is in force");
                for (var record : consumer.poll(POLL)) register.take(record);
            }
            return register.at(now);
        } catch (KafkaException e) {
            throw Reach.trouble(kafka, e);
        }
    }

    private int partitions() throws IOException {
        var topic = Topics.SIGNED.topic();
        var found = get(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic);
        if (found == null) throw new IOException("Kafka says nothing about " + topic);
        return found.partitions().size();
    }

    private Map<String, Answer> gather(Action action, int partitions, Duration patience) {
        var answers = new TreeMap<String, Answer>();
        long deadline = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() - deadline < 0 && settled(answers) < partitions) {
            for (var record : consumer.poll(POLL)) take(action, record, answers);
        }
        return answers;
    }

    private static void take(Action action, ConsumerRecord<byte[], byte[]> record, Map<String, Answer> answers) {
        answer(record)
                .filter(answer -> answer.action().equals(action.id()))
                .ifPresent(answer -> answers.put(answer.key(), answer));
    }

    private static Optional<Answer> answer(ConsumerRecord<byte[], byte[]> record) {
        try {
            return record.value() == null ? Optional.empty() : Optional.of(ControlCodec.answer(record.value()));
        } catch (BadRecord newer) {
            return Optional.empty();
        }
    }

    private static long settled(Map<String, Answer> answers) {
        return answers.values().stream()
                .filter(answer -> answer.state() != Answer.State.CONFIRMED)
                .map(Answer::partition)
                .distinct()
                .count();
    }

    // A question needs nobody's memory once it is answered.
    private void forget(Action action, Map<String, Answer> answers) {
        producer.send(
                new ProducerRecord<>(CONTROL.topic(), 0, action.id().text().getBytes(UTF_8), null));
        for (var key : answers.keySet())
            producer.send(new ProducerRecord<>(ANSWERS.topic(), 0, key.getBytes(UTF_8), null));
    }

    private List<Replies.Silent> silent(
            int partitions, Map<String, Answer> answers, KafkaFuture<Map<String, ConsumerGroupDescription>> members)
            throws IOException {
        var missing = new ArrayList<Integer>();
        for (int p = 0; p < partitions; p++) {
            int partition = p;
            if (answers.values().stream().noneMatch(answer -> answer.partition() == partition)) missing.add(p);
        }
        if (missing.isEmpty()) return List.of();
        var workers = workers(get(members));
        return missing.stream()
                .map(p -> new Replies.Silent(p, Optional.ofNullable(workers.get(p))))
                .toList();
    }

    private KafkaFuture<Map<String, ConsumerGroupDescription>> members() {
        return admin.describeConsumerGroups(List.of(Reader.DELIVERY.group())).all();
    }

    // By the name each gave itself: `delivery-<instance>`.
    private static Map<Integer, String> workers(Map<String, ConsumerGroupDescription> groups) {
        var workers = new HashMap<Integer, String>();
        var found = groups.get(Reader.DELIVERY.group());
        if (found == null) return workers;
        for (var member : found.members()) {
            var name = member.clientId().replaceFirst("^delivery-", "");
            member.assignment().topicPartitions().stream()
                    .filter(where ->
                            where.topic().equals(Reader.DELIVERY.topic().topic()))
                    .forEach(where -> workers.put(where.partition(), name));
        }
        return workers;
    }

    private Instant write(TopicPartition where, String key, byte @Nullable [] value) throws IOException {
        var record = new ProducerRecord<>(where.topic(), where.partition(), key.getBytes(UTF_8), value);
        return Instant.ofEpochMilli(get(producer.send(record)).timestamp());
    }

    private <T> T get(Future<T> answer) throws IOException {
        try {
            return answer.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw Reach.trouble(kafka, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while Kafka was asked", e);
        }
    }

    private <T> T get(KafkaFuture<T> answer) throws IOException {
        return get(answer.toCompletionStage().toCompletableFuture());
    }

    @Override
    public void close() {
        producer.close(CLOSE);
        consumer.close(CloseOptions.timeout(CLOSE));
        admin.close(CLOSE);
    }
}
