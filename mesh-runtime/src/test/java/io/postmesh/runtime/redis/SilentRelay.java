package io.postmesh.runtime.redis;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A network between a client and a Redis that can lose connections without telling either end.
final class SilentRelay implements AutoCloseable {
    private final URI to;
    private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Set<Socket> silent = ConcurrentHashMap.newKeySet();

    SilentRelay(String to) throws IOException {
        this.to = URI.create(to);
        Thread.ofVirtual().start(this::accept);
    }

    String url() {
        return "redis://127.0.0.1:" + door.getLocalPort();
    }

    void silenceAllOpenConnections() {
        silent.addAll(open);
    }

    private void accept() {
        try {
            while (true) {
                var client = door.accept();
                var server = new Socket(to.getHost(), to.getPort());
                open.add(client);
                open.add(server);
                Thread.ofVirtual().start(() -> pass(client, server));
                Thread.ofVirtual().start(() -> pass(server, client));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void pass(Socket from, Socket on) {
        var bytes = new byte[4096];
        try {
            for (int n = from.getInputStream().read(bytes);
                    n >= 0;
                    n = from.getInputStream().read(bytes)) {
                if (!silent.contains(from)) on.getOutputStream().write(bytes, 0, n);
            }
            if (!silent.contains(from)) on.close();
        } catch (IOException closed) {
            // As good as an end.
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        for (var socket : open) socket.close();
    }
}
