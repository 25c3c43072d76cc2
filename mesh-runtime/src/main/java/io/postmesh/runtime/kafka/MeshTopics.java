package io.postmesh.runtime.kafka;

import io.postmesh.contract.Placement;
import io.postmesh.contract.Topics;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/// Makes the topics that are missing, checks those that exist, and knows every placement ever in force.
public final class MeshTopics implements AutoCloseable {
    private static final long ANSWER_SECONDS = 15;
    private static final Duration CLOSE = Duration.ofSeconds(2);
    private static final int TRIES = 50;

    private final Placements placements;
    private final StoreMarks marks;

    private MeshTopics(Placements placements, StoreMarks marks) {
        this.placements = placements;
        this.marks = marks;
    }

    /// [#open] for who needs no right beside.
    public static MeshTopics open(KafkaSettings kafka, Set<String> spread) throws BadTopics, IOException {
        return open(kafka, spread, Rights.NONE);
    }

    /// [#follow] for who needs no right beside.
    public static MeshTopics follow(KafkaSettings kafka) throws BadTopics, IOException {
        return follow(kafka, Rights.NONE);
    }

    /// For the process that stamps new mail: publishes where it goes.
    ///
    /// @param spread destinations spread over all partitions (LEDGER L2)
    /// @param rights of the services of this process
    /// @throws BadTopics   when a topic's settings endanger mail, or a right is missing
    /// @throws IOException when Kafka does not answer, or does not let us in
    public static MeshTopics open(KafkaSettings kafka, Set<String> spread, Rights rights)
            throws BadTopics, IOException {
        var found = checked(kafka, Rights.LOOK.and(rights));
        var marks = new StoreMarks();
        return new MeshTopics(checked(kafka, Placements.open(kafka, spread, marks::take), found), marks);
    }

    /// For a process that works on stamped mail: it learns placements and publishes none, so a service that was told
    /// nothing about destinations cannot change where mail goes.
    ///
    /// @param rights of the services of this process
    /// @throws BadTopics   when a topic's settings endanger mail, or a right is missing
    /// @throws IOException when Kafka does not answer, or does not let us in
    public static MeshTopics follow(KafkaSettings kafka, Rights rights) throws BadTopics, IOException {
        var found = checked(kafka, Rights.LOOK.and(rights));
        var marks = new StoreMarks();
        return new MeshTopics(checked(kafka, Placements.follow(kafka, marks::take), found), marks);
    }

    /// The placement for new mail: ingress stamps its version.
    ///
    /// @throws IllegalStateException when none is published yet; try again
    public Placement placement() {
        return placements.latest();
    }

    /// On which mail is placed; 1 while none is published: a worker that starts before the first door waits for mail.
    public int partitions() {
        return Math.max(1, placements.partitions());
    }

    /// The placement an envelope was stamped with.
    ///
    /// @throws IllegalStateException when it is not known here yet; try again
    public Placement placement(int version) {
        return placements.at(version);
    }

    ConfigTopic config() {
        return placements.config();
    }

    StoreMarks marks() {
        return marks;
    }

    @Override
    public void close() {
        placements.close();
    }

    private static Map<Topics, TopicShape.Found> checked(KafkaSettings kafka, Rights rights)
            throws BadTopics, IOException {
        var found = found(kafka, rights);
        var problems = new ArrayList<String>();
        found.forEach((topic, is) -> problems.addAll(new TopicShape(topic, kafka).problems(is)));
        if (!problems.isEmpty()) throw new BadTopics(problems);
        return found;
    }

    private static Map<Topics, TopicShape.Found> found(KafkaSettings kafka, Rights rights)
            throws BadTopics, IOException {
        TlsProbe.check(kafka);
        var admin = admin(kafka);
        try {
            RightsCheck.check(admin, rights, createMissing(kafka, admin));
            return describe(admin);
        } finally {
            admin.close(CLOSE); // it would wait for answers that do not come
        }
    }

    private static Admin admin(KafkaSettings kafka) throws IOException {
        try {
            return Admin.create(kafka.admin("topics"));
        } catch (KafkaException e) { // an answer of Kafka's would be an IOException
            throw new IOException("POSTMESH_KAFKA_BOOTSTRAP: " + kafka.bootstrap() + ": " + ClientFile.why(e), e);
        }
    }

    /// @return what we may not make; a topic that we may not see seems to be missing
    private static Set<String> createMissing(KafkaSettings kafka, Admin admin) throws IOException {
        var existing = answer(admin.listTopics().names());
        var missing = Arrays.stream(Topics.values())
                .filter(topic -> !existing.contains(topic.topic()))
                .map(topic -> new TopicShape(topic, kafka).create())
                .toList();
        var unmade = new TreeSet<String>();
        for (var created : admin.createTopics(missing).values().entrySet()) {
            try {
                answer(created.getValue());
            } catch (IOException e) {
                switch (e.getCause()) {
                    case TopicExistsException _ -> {} // another service was quicker
                    case AuthorizationException _ -> unmade.add(created.getKey());
                    case InvalidReplicationFactorException _ -> throw tooFewBrokers(e);
                    case null, default -> throw e;
                }
            }
        }
        return unmade;
    }

    private static IOException tooFewBrokers(IOException e) {
        return new IOException(
                e.getMessage() + "; start more brokers, or set POSTMESH_KAFKA_REPLICAS to what you accept", e);
    }

    private static Map<Topics, TopicShape.Found> describe(Admin admin) throws IOException {
        var names = Arrays.stream(Topics.values()).map(Topics::topic).toList();
        var shapes = onceKnown(() -> admin.describeTopics(names).allTopicNames());
        var resources = names.stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        var settings = onceKnown(() -> admin.describeConfigs(resources).all());
        var found = new EnumMap<Topics, TopicShape.Found>(Topics.class);
        for (var topic : Topics.values()) {
            var shape = shapes.get(topic.topic());
            var config = settings.get(new ConfigResource(ConfigResource.Type.TOPIC, topic.topic()));
            if (shape == null || config == null) throw new IOException("Kafka says nothing about " + topic.topic());
            found.put(topic, found(shape, config));
        }
        return found;
    }

    /// A topic just made may not be known to every broker yet.
    private static <T> T onceKnown(Supplier<Future<T>> question) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return answer(question.get());
            } catch (IOException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException) || attempt == TRIES) throw e;
                pause();
            }
        }
    }

    private static TopicShape.Found found(TopicDescription shape, Config config) {
        int replicas = shape.partitions().stream()
                .mapToInt(partition -> partition.replicas().size())
                .min()
                .orElse(0);
        var settings =
                config.entries().stream().collect(Collectors.toMap(ConfigEntry::name, e -> String.valueOf(e.value())));
        return new TopicShape.Found(shape.partitions().size(), replicas, settings);
    }

    /// Every partition that mail may be placed on must exist in all of the owner's topics (LEDGER L5).
    private static Placements checked(KafkaSettings kafka, Placements placements, Map<Topics, TopicShape.Found> found)
            throws BadTopics {
        int placed = placements.partitions();
        var problems = found.entrySet().stream()
                .filter(e -> e.getKey().spread() == Topics.Spread.PER_OWNER)
                .filter(e -> e.getValue().partitions() < placed)
                .map(e -> e.getKey().topic() + ": partitions: " + e.getValue().partitions() + ", but mail is placed on "
                        + placed + "; run " + Growth.command(kafka, placed))
                .toList();
        if (problems.isEmpty()) return placements;
        placements.close();
        throw new BadTopics(problems);
    }

    static <T> T answer(Future<T> asked) throws IOException {
        try {
            return asked.get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            var cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof org.apache.kafka.common.errors.TimeoutException) throw silent(cause);
            throw new IOException("Kafka says: " + Refused.in(cause).orElse(cause.getMessage()), cause);
        } catch (TimeoutException e) {
            throw silent(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while asking Kafka", e);
        }
    }

    private static IOException silent(Throwable cause) {
        return new IOException("Kafka does not answer; " + Reach.CHECK, cause);
    }

    private static void pause() throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while asking Kafka", e);
        }
    }
}
