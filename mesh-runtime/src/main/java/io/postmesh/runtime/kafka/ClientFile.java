package io.postmesh.runtime.kafka;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;

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
        return values;
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
