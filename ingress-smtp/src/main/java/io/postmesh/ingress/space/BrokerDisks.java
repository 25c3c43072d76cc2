package io.postmesh.ingress.space;

import io.postmesh.runtime.kafka.KafkaSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The disks of every broker that is alive, by their own word (KIP-827, since Kafka 3.3). A broker that is gone has no
/// say: others lead its partitions.
final class BrokerDisks implements Question {
    private static final Logger log = LoggerFactory.getLogger(BrokerDisks.class);
    private static final Duration DEADLINE = Duration.ofSeconds(4);

    private final Admin admin;
    private boolean toldThatNothingIsTold;

    BrokerDisks(KafkaSettings kafka) {
        var properties = new HashMap<>(kafka.admin("space"));
        properties.put("request.timeout.ms", (int) DEADLINE.toMillis());
        properties.put("default.api.timeout.ms", (int) DEADLINE.toMillis());
        admin = Admin.create(properties);
    }

    @Override
    public Answers ask() throws IOException {
        try {
            long deadline = System.nanoTime() + DEADLINE.toNanos();
            var brokers = until(deadline, admin.describeCluster().nodes()).stream()
                    .map(Node::id)
                    .toList();
            return answers(admin.describeLogDirs(brokers).descriptions(), deadline);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("Kafka does not say which brokers there are: " + e, e);
        }
    }

    private <F extends Future<Map<String, LogDirDescription>>> Answers answers(Map<Integer, F> asked, long deadline)
            throws IOException {
        var disks = new HashMap<String, List<Disk>>();
        var silent = new HashSet<String>();
        for (var one : asked.entrySet()) {
            var broker = "broker " + one.getKey();
            try {
                disks.put(broker, disks(broker, until(deadline, one.getValue())));
            } catch (ExecutionException | TimeoutException e) {
                if (mayNotAsk(e)) disks.put(broker, untold(broker));
                else silent.add(broker);
            }
        }
        return new Answers(disks, silent);
    }

    private static boolean mayNotAsk(Exception e) {
        return e.getCause() instanceof AuthorizationException || e.getCause() instanceof UnsupportedVersionException;
    }

    // A folder that failed says nothing; what lay there is led elsewhere or not at all, and that is Kafka's to tell.
    private List<Disk> disks(String broker, Map<String, LogDirDescription> folders) {
        var told = folders.entrySet().stream()
                .filter(folder -> folder.getValue().totalBytes().isPresent()
                        && folder.getValue().usableBytes().isPresent())
                .map(folder -> new Disk(
                        broker + " " + folder.getKey(),
                        Disk.Use.KAFKA,
                        folder.getValue().totalBytes().getAsLong(),
                        folder.getValue().usableBytes().getAsLong()))
                .toList();
        return told.isEmpty() ? untold(broker) : told;
    }

    private List<Disk> untold(String broker) {
        if (!toldThatNothingIsTold)
            log.warn(
                    "{} does not tell how much room its disks have: no floor is kept there, watch them yourself",
                    broker);
        toldThatNothingIsTold = true;
        return List.of();
    }

    private static <T> T until(long deadline, Future<T> asked)
            throws IOException, ExecutionException, TimeoutException {
        try {
            return asked.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while asking Kafka about its disks", e);
        }
    }

    @Override
    public boolean isOfKafka() {
        return true;
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
