package io.postmesh.runtime.kafka;

import io.postmesh.contract.Reader;
import io.postmesh.contract.Topics;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/// Raises the number of partitions while mail flows (LEDGER L5), one step after the other. Each step asks what there
/// is, so whoever was stopped, however hard, begins again and finishes.
///
/// New mail is placed on the new partitions by the last step alone: by then each of them has its companions, and the
/// readers have it. What was stamped before carries its own placement and goes where it would have gone.
public final class Growth implements AutoCloseable {
    /// No topic has more; the same bound as the settings'.
    public static final int MOST = 1024;

    // An owner given a partition of mail.signed finds its ledger and its waiting room; the signer finds where to write.
    // Accepted mail has no place, so its topic may grow at any time; it bounds the number of policy workers.
    private static final List<Topics> ORDER = List.of(
            Topics.OUTCOMES, Topics.WAITING, Topics.WAITING_BODIES, Topics.SIGNED, Topics.CLEARED, Topics.ACCEPTED);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(250);
    private static final Duration KNOWN = Duration.ofSeconds(15);
    private static final Duration CLOSE = Duration.ofSeconds(2);

    private final Duration patience;
    private final Admin admin;
    private final Placements placements;

    private Growth(Duration patience, Admin admin, Placements placements) {
        this.patience = patience;
        this.admin = admin;
        this.placements = placements;
    }

    /// What there is.
    ///
    /// @param topics partitions of each that mail walks through
    /// @param placed on so many partitions new mail goes; 0: none was ever accepted here
    public record State(Map<Topics, Integer> topics, int placed) {
        /// What a growth that was not finished had reached, or what mail is placed on.
        public int begun() {
            return ORDER.stream()
                    .filter(topic -> topic.spread() == Topics.Spread.PER_OWNER)
                    .mapToInt(topic -> topics.getOrDefault(topic, 0))
                    .reduce(placed, Math::max);
        }

        /// Whether all have what one of them has.
        public boolean isWhole() {
            return placed == begun() && topics.values().stream().allMatch(count -> count >= placed);
        }
    }

    /// @param patience how long readers may take to get the new partitions, before mail is placed there all the same
    /// @throws IOException when Kafka does not answer, or knows nothing of a mesh
    public static Growth open(KafkaSettings kafka, Duration patience) throws IOException {
        TlsProbe.check(kafka);
        Admin admin;
        try {
            admin = Admin.create(kafka.admin("partitions"));
        } catch (KafkaException e) {
            throw Reach.trouble(kafka, e);
        }
        try {
            Reach.check(kafka, admin); // a Kafka that is silent says so here, and in one sentence
            counts(admin); // and so does one that is not ours
            return new Growth(patience, admin, Placements.follow(kafka, _ -> {}));
        } catch (IOException | RuntimeException e) {
            admin.close(CLOSE);
            throw e;
        }
    }

    /// What an operator types for it. It names the Kafka: a node's own is found by its data folder only.
    static String command(KafkaSettings kafka, int to) {
        return "POSTMESH_KAFKA_BOOTSTRAP=" + kafka.bootstrap() + " ./postmesh partitions --raise-to " + to;
    }

    public State state() throws IOException {
        return new State(counts(admin), placements.partitions());
    }

    /// @param told what was done, when it was done
    /// @throws GrowthRefused when that many cannot be had
    /// @throws IOException   when Kafka does not answer; what was done is done, and the same call finishes it
    public void raise(int to, Consumer<String> told) throws GrowthRefused, IOException {
        var before = state();
        refuse(before, to);
        for (var topic : ORDER) raise(topic, to, told);
        if (before.placed() == to) return;
        told.accept(readers());
        placements.raise(to);
        told.accept("new mail is placed on " + placements.partitions() + " partitions");
    }

    private static void refuse(State now, int to) throws GrowthRefused {
        if (to > MOST) throw new GrowthRefused("no topic gets more than " + MOST + " partitions");
        if (now.placed() == 0)
            throw new GrowthRefused("nothing was ever accepted here: the first start of ingress makes the topics,"
                    + " with POSTMESH_OWNER_PARTITIONS and POSTMESH_ACCEPTED_PARTITIONS");
        if (to < now.placed())
            throw new GrowthRefused(
                    "mail is placed on " + now.placed() + " partitions, and the number never falls: mail lies in them");
        if (to < now.begun())
            throw new GrowthRefused("a raise to " + now.begun() + " was begun, and Kafka takes no partition back;"
                    + " raise to " + now.begun() + " or more");
    }

    private void raise(Topics topic, int to, Consumer<String> told) throws IOException {
        int now = counts(admin).getOrDefault(topic, 0);
        if (now >= to) return;
        try {
            MeshTopics.answer(admin.createPartitions(Map.of(topic.topic(), NewPartitions.increaseTo(to)))
                    .all());
        } catch (IOException e) {
            // Another run was quicker: what counts is what is there now.
            if (!(e.getCause() instanceof InvalidPartitionsException)) throw e;
        }
        awaitKnown(topic, to);
        told.accept(topic.topic() + ": " + now + " -> " + to + " partitions");
    }

    // The controller has decided; the brokers hear of it.
    private void awaitKnown(Topics topic, int to) throws IOException {
        long deadline = System.nanoTime() + KNOWN.toNanos();
        while (counts(admin).getOrDefault(topic, 0) < to) {
            if (System.nanoTime() > deadline)
                throw new IOException("Kafka made partitions of " + topic.topic()
                        + " but does not show them; run the same command again");
            pause();
        }
    }

    /// Mail is not placed before somebody reads it there, so that none waits for a reader to look round.
    private String readers() throws IOException {
        long begun = System.nanoTime();
        var lacking = lacking();
        while (!lacking.isEmpty() && System.nanoTime() - begun < patience.toNanos()) {
            pause();
            lacking = lacking();
        }
        if (lacking.isEmpty())
            return "whoever runs reads them all, after "
                    + Duration.ofNanos(System.nanoTime() - begun).toSeconds() + " s";
        return "not all are read yet after " + patience.toSeconds() + " s (" + String.join(", ", lacking)
                + "): what is placed there waits for its reader";
    }

    private List<String> lacking() throws IOException {
        var counts = counts(admin);
        var lacking = new ArrayList<String>();
        for (var reader : Reader.values()) {
            var group = group(reader.group());
            if (group.isEmpty() || group.get().members().isEmpty()) continue; // it begins with all of them
            if (read(reader, group.get()) < counts.getOrDefault(reader.topic(), 0)) lacking.add(reader.group());
        }
        return lacking;
    }

    private Optional<ConsumerGroupDescription> group(String name) throws IOException {
        try {
            var groups = MeshTopics.answer(
                    admin.describeConsumerGroups(List.of(name)).all());
            return Optional.ofNullable(groups.get(name));
        } catch (IOException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) return Optional.empty(); // nobody ever joined
            throw e;
        }
    }

    private static long read(Reader reader, ConsumerGroupDescription group) {
        return group.members().stream()
                .flatMap(member -> member.assignment().topicPartitions().stream())
                .filter(where -> where.topic().equals(reader.topic().topic()))
                .distinct()
                .count();
    }

    private static Map<Topics, Integer> counts(Admin admin) throws IOException {
        var shapes = shapes(admin);
        var counts = new EnumMap<Topics, Integer>(Topics.class);
        for (var topic : ORDER) {
            var shape = shapes.get(topic.topic());
            if (shape == null) throw new IOException("Kafka says nothing about " + topic.topic());
            counts.put(topic, shape.partitions().size());
        }
        return counts;
    }

    private static Map<String, TopicDescription> shapes(Admin admin) throws IOException {
        try {
            var names = ORDER.stream().map(Topics::topic).toList();
            return MeshTopics.answer(admin.describeTopics(names).allTopicNames());
        } catch (IOException e) {
            if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) throw e;
            throw new IOException("a topic of the mesh is missing in this Kafka: is it a Postmesh's?", e);
        }
    }

    private static void pause() throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted; run the same command again, it goes on from here", e);
        }
    }

    @Override
    public void close() {
        placements.close();
        admin.close(CLOSE);
    }
}
