package io.postmesh.lab.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/// A hand inside the cluster's Kafka: a child process that has the client we have not (`KafkaHand` of
/// mesh-embedded).
public final class KafkaHand implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 60;

    private final Process process;
    private final Writer out;
    private final BufferedReader in;

    private KafkaHand(Process process) {
        this.process = process;
        out = process.outputWriter(US_ASCII);
        in = process.inputReader(US_ASCII);
    }

    public static KafkaHand of(Cluster cluster) throws IOException {
        var program = cluster.program("io.postmesh.embedded.KafkaHand", cluster.bootstrap());
        return new KafkaHand(
                program.redirectError(ProcessBuilder.Redirect.DISCARD).start());
    }

    /// The broker that leads a partition, such as `broker-2`; nothing when nobody does, or nobody knows.
    public Optional<String> leader(String topic, int partition) throws IOException {
        var answer = ask("leader " + topic + " " + partition);
        return answer.matches("[1-9][0-9]*") ? Optional.of("broker-" + answer) : Optional.empty();
    }

    /// Whether every partition has all its replicas in sync.
    public boolean inSync() throws IOException {
        return ask("lagging").equals("0");
    }

    /// Makes a broker the leader of all it has a replica of; whether every one moved.
    public boolean lead(Member broker) throws IOException {
        return !ask("elect " + broker.name().substring("broker-".length())).startsWith("error");
    }

    /// Puts a record where none of ours would: null, or these octets.
    ///
    /// @return whether the broker took it
    public boolean put(String topic, int partition, Optional<byte[]> value) throws IOException {
        var encoded =
                value.map(octets -> Base64.getEncoder().encodeToString(octets)).orElse("null");
        return ask("put " + topic + " " + partition + " " + encoded).matches("[0-9]+");
    }

    /// Records of a topic that a group has not committed.
    public long behind(String group, String topic) throws IOException {
        return number(ask("behind " + group + " " + topic));
    }

    /// The value of the first record of a topic that has one.
    public Optional<byte[]> first(String topic) throws IOException {
        var answer = ask("first " + topic);
        if (answer.startsWith("error")) throw new IOException("Kafka says: " + answer);
        return answer.equals("none")
                ? Optional.empty()
                : Optional.of(Base64.getDecoder().decode(answer));
    }

    /// Whether each of these is contained in a value of the topic.
    public boolean holds(String topic, List<byte[]> all) throws IOException {
        var words = all.stream().map(Base64.getEncoder()::encodeToString).collect(Collectors.joining(" "));
        return number(ask("holding " + topic + " " + words)) == all.size();
    }

    private static long number(String answer) throws IOException {
        if (!answer.matches("-?[0-9]+")) throw new IOException("Kafka says: " + answer);
        return Long.parseLong(answer);
    }

    private synchronized String ask(String command) throws IOException {
        out.write(command + "\n");
        out.flush();
        try {
            var answer = CompletableFuture.supplyAsync(this::line).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (answer.isEmpty()) throw new IOException("the hand inside Kafka has ended");
            return answer;
        } catch (ExecutionException | TimeoutException e) {
            process.destroyForcibly(); // an answer that came later would be taken for the next one's
            throw new IOException("no answer to '" + command.substring(0, Math.min(40, command.length())) + "'", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private String line() {
        try {
            return Optional.ofNullable(in.readLine()).orElse("");
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        out.close();
        in.close();
    }
}
