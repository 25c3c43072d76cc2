package io.postmesh.blobs.s3;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/// A connection to a server that can be cut or fall silent.
final class Wire implements AutoCloseable {
    private static final long UNLIMITED = Long.MAX_VALUE;

    private final ServerSocket door;
    private final int server;
    private final AtomicLong up = new AtomicLong(UNLIMITED);
    private final AtomicLong down = new AtomicLong(UNLIMITED);
    private final CountDownLatch end = new CountDownLatch(1);
    private volatile boolean silent;

    private Wire(ServerSocket door, int server) {
        this.door = door;
        this.server = server;
    }

    static Wire to(int server) throws IOException {
        var wire = new Wire(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), server);
        Thread.ofVirtual().start(wire::welcome);
        return wire;
    }

    int port() {
        return door.getLocalPort();
    }

    /// Once so many octets have gone to the server the connection ends; the next one is good.
    void cutUpAfter(long octets) {
        up.set(octets);
    }

    /// The same of octets that came back.
    void cutDownAfter(long octets) {
        down.set(octets);
    }

    /// From now on nothing passes any more, and nobody is told.
    void fallSilent() {
        silent = true;
    }

    private void welcome() {
        while (!door.isClosed()) {
            try {
                var client = door.accept();
                var there = new Socket();
                there.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server), 5_000);
                Thread.ofVirtual().start(() -> pass(client, there, up));
                Thread.ofVirtual().start(() -> pass(there, client, down));
            } catch (IOException e) {
                return; // the door is closed
            }
        }
    }

    private void pass(Socket from, Socket to, AtomicLong limit) {
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            var some = new byte[8_192];
            int count;
            while ((count = in.read(some)) >= 0) {
                if (silent) end.await();
                long left = limit.addAndGet(-count);
                if (left < 0) {
                    limit.set(UNLIMITED);
                    return;
                }
                out.write(some, 0, count);
                out.flush();
            }
        } catch (IOException e) {
            // either side hung up
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        end.countDown();
        door.close();
    }
}
