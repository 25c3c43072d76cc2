package io.postmesh.lab.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.ThreadLocalRandom;

/// A loopback port for each name, kept in a file: who starts again finds its own. They lie below the range the system
/// takes ports of outgoing connections from, so while a process is dead nobody is given its port by chance.
final class Ports {
    private static final int LOWEST = 15_000;
    private static final int DEFAULT_EPHEMERAL = 32_768;
    private static final Path RANGE = Path.of("/proc/sys/net/ipv4/ip_local_port_range");

    private final Path file;
    private final Properties known = new Properties();
    private final int above;

    private Ports(Path file) throws IOException {
        this.file = file;
        if (Files.exists(file)) {
            try (var in = Files.newBufferedReader(file)) {
                known.load(in);
            }
        }
        above = firstEphemeral();
    }

    static Ports in(Path folder) throws IOException {
        return new Ports(folder.resolve("ports"));
    }

    int of(String name) throws IOException {
        var port = known.getProperty(name);
        if (port != null) return Integer.parseInt(port);
        int fresh = fresh();
        known.setProperty(name, Integer.toString(fresh));
        try (var out = Files.newBufferedWriter(file)) {
            known.store(out, null);
        }
        return fresh;
    }

    private int fresh() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, above);
            if (!known.containsValue(Integer.toString(port)) && isFree(port)) return port;
        }
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    private static int firstEphemeral() {
        try (var range = Files.newInputStream(RANGE)) {
            var text = new byte[64];
            int length = range.read(text); // /proc gives all of it to the first read and nothing to a second
            int first = Integer.parseInt(
                    new String(text, 0, Math.max(0, length), US_ASCII).strip().split("\\s+")[0]);
            return first > LOWEST + 1_000 ? first : 65_535; // an unusual range: then chance decides
        } catch (IOException | NumberFormatException elsewhere) {
            return DEFAULT_EPHEMERAL;
        }
    }
}
