package io.postmesh.runtime.kafka;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.ConfigException;

/// Whether anybody is there, asked before anything else: who types a command is not kept waiting, and reads the same
/// words from every one.
public final class Reach {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    static final String CHECK = "check POSTMESH_KAFKA_BOOTSTRAP and the brokers";

    private Reach() {}

    /// @throws IOException when Kafka does not answer in 10 s
    public static void check(KafkaSettings kafka, Admin admin) throws IOException {
        try {
            admin.describeCluster().nodes().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw trouble(kafka, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while asking Kafka", e);
        }
    }

    /// In words for whoever has to look after it: which Kafka, and where to look.
    public static IOException trouble(KafkaSettings kafka, Exception problem) {
        var cause = problem instanceof ExecutionException && problem.getCause() != null ? problem.getCause() : problem;
        if (cause instanceof TimeoutException || cause instanceof org.apache.kafka.common.errors.TimeoutException)
            return new IOException("Kafka at " + kafka.bootstrap() + " does not answer; " + CHECK, problem);
        if (cause.getCause() instanceof ConfigException)
            return new IOException(
                    "POSTMESH_KAFKA_BOOTSTRAP: " + kafka.bootstrap() + ": " + ClientFile.why(cause), cause);
        return new IOException(
                "Kafka at " + kafka.bootstrap() + " says: " + Refused.in(cause).orElseGet(() -> ClientFile.why(cause)),
                problem);
    }
}
