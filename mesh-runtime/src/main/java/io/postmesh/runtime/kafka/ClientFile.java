package io.postmesh.runtime.kafka;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeSet;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.utils.LogContext;
import org.apache.kafka.common.utils.Time;

/// The operator's own Kafka client properties: how to reach the brokers, never how mail is kept safe.
final class ClientFile {
    private ClientFile() {}

    static Map<String, String> read(String path) {
        var properties = new Properties();
        try (var in = Files.newBufferedReader(Path.of(path))) {
            properties.load(in);
        } catch (IOException | InvalidPathException e) {
            throw new IllegalArgumentException("this properties file cannot be read; check path and rights", e);
        }
        var values = new HashMap<String, String>();
        properties.stringPropertyNames().forEach(name -> values.put(name, properties.getProperty(name)));
        refuseForeign(values);
        tryOut(values);
        return values;
    }

    private static void tryOut(Map<String, String> values) {
        refused(values).ifPresent(why -> {
            throw new IllegalArgumentException("Kafka's client refuses what is in this file: " + why);
        });
    }

    /// Opens the key stores and reads the logins named in it, without a word to any broker.
    ///
    /// @return why a client cannot be made of it
    static Optional<String> refused(Map<String, String> values) {
        if (values.getOrDefault("sasl.mechanism", "").equals("OAUTHBEARER"))
            return Optional.empty(); // asks for a token
        var all = new HashMap<String, Object>(values);
        all.put("bootstrap.servers", "127.0.0.1:9092"); // must be there; nobody is called
        try (var _ = ClientUtils.createChannelBuilder(new AdminClientConfig(all), Time.SYSTEM, new LogContext())) {
            return Optional.empty(); // it could be made: that is all we ask
        } catch (KafkaException | IllegalArgumentException e) {
            return Optional.of(why(e));
        }
    }

    /// Kafka says what it could not do, and its innermost cause why.
    static String why(Throwable problem) {
        var root = problem;
        while (root.getCause() != null) root = root.getCause();
        return root == problem
                ? String.valueOf(problem.getMessage())
                : problem.getMessage() + " (" + root.getMessage() + ")";
    }

    private static void refuseForeign(Map<String, String> values) {
        var foreign = new TreeSet<>(values.keySet());
        foreign.removeIf(ClientFile::isAboutReaching);
        if (!foreign.isEmpty()) {
            throw new IllegalArgumentException(
                    "only security.*, ssl.*, sasl.*, client.*, socket.* and *.buffer.bytes belong here; remove "
                            + foreign);
        }
    }

    private static boolean isAboutReaching(String name) {
        return name.startsWith("security.")
                || name.startsWith("ssl.")
                || name.startsWith("sasl.")
                || name.equals("client.dns.lookup")
                || name.equals("client.rack")
                || name.startsWith("socket.connection.")
                || name.endsWith(".buffer.bytes");
    }
}
