package io.postmesh.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/// A free port on 127.0.0.1, kept in a file so that a restart finds the same one, if nobody took it meanwhile.
final class LoopbackPort {

    private LoopbackPort() {}

    /// @param wanted a fixed port, or 0 for the remembered one, or any free one
    static int choose(int wanted, Path memory) throws IOException {
        return choose(wanted, memory, 0);
    }

    /// @param taken not this one: it is promised to somebody who does not hold it yet
    static int choose(int wanted, Path memory, int taken) throws IOException {
        if (wanted != 0) return wanted;
        int port = remembered(memory);
        while (port == 0 || port == taken || !isFree(port)) port = anyFree();
        Files.writeString(memory, Integer.toString(port));
        return port;
    }

    static void forget(Path memory) throws IOException {
        Files.deleteIfExists(memory);
    }

    static InetAddress loopback() {
        return InetAddress.ofLiteral("127.0.0.1");
    }

    private static int remembered(Path memory) throws IOException {
        if (!Files.exists(memory)) return 0;
        try {
            int port = Integer.parseInt(Files.readString(memory).strip());
            return port > 0 && port < 65_536 ? port : 0;
        } catch (NumberFormatException torn) {
            return 0;
        }
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(loopback(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    private static int anyFree() throws IOException {
        try (var socket = new ServerSocket(0, 1, loopback())) {
            return socket.getLocalPort();
        }
    }
}
