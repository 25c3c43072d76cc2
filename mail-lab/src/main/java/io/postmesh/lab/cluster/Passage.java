package io.postmesh.lab.cluster;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Stands between Kafka's clients and a broker, and holds up what the broker answers to those who write: a slow
/// broker, or one whose acknowledgements are lost on the way. Readers and group members have connections of their
/// own and notice nothing.
public final class Passage implements AutoCloseable {
    private static final int CONNECT_MILLIS = 5_000;
    private static final int PRODUCE = 0; // Kafka's api key
    private static final int LONGEST = 64 * 1024 * 1024;
    private static final long LOOK_AGAIN_MILLIS = 20;

    private final ServerSocket door;
    private final InetSocketAddress broker;
    private final Set<Line> lines = ConcurrentHashMap.newKeySet();
    private volatile Duration late = Duration.ZERO;
    private volatile boolean shut;

    private Passage(ServerSocket door, InetSocketAddress broker) {
        this.door = door;
        this.broker = broker;
    }

    static Passage open(int port, int brokerPort) throws IOException {
        var loopback = InetAddress.getLoopbackAddress();
        var door = new ServerSocket();
        door.setReuseAddress(true);
        door.bind(new InetSocketAddress(loopback, port), 200);
        var passage = new Passage(door, new InetSocketAddress(loopback, brokerPort));
        Thread.ofVirtual().start(passage::welcome);
        return passage;
    }

    /// From now on, and for what is held already: so long after the broker gave it, a writer reads an answer.
    public void late(Duration by) {
        late = by;
    }

    /// Writers read no answers, until [#open].
    public void shut() {
        shut = true;
    }

    /// They read all that was held.
    public void open() {
        shut = false;
    }

    /// What is held is lost, and with it the writers' connections: whether their records were taken they cannot know.
    public void lose() {
        lines.stream().filter(line -> line.writes).forEach(Line::close);
        shut = false;
    }

    private void welcome() {
        while (!door.isClosed()) {
            try {
                var client = door.accept();
                Thread.ofVirtual().start(() -> connect(client));
            } catch (IOException closed) {
                continue;
            }
        }
    }

    private void connect(Socket client) {
        try {
            var to = new Socket();
            to.setTcpNoDelay(true);
            client.setTcpNoDelay(true);
            to.connect(broker, CONNECT_MILLIS);
            var line = new Line(client, to);
            lines.add(line);
            Thread.ofVirtual().start(line::requests);
            Thread.ofVirtual().start(line::answers);
            Thread.ofVirtual().start(line::deliver);
        } catch (IOException brokerIsDead) {
            close(client); // as if it had not been let in
        }
    }

    private record Answer(byte[] frame, long givenAt) {}

    /// One client's connection. Requests and answers are frames: a length, and so many octets.
    private final class Line {
        private final Socket client;
        private final Socket broker;
        private final BlockingQueue<Answer> held = new LinkedBlockingQueue<>();
        private volatile boolean writes;
        private volatile boolean closed;

        Line(Socket client, Socket broker) {
            this.client = client;
            this.broker = broker;
        }

        void requests() {
            try (var in = new DataInputStream(client.getInputStream())) {
                var out = broker.getOutputStream();
                while (true) {
                    var frame = read(in);
                    if (((frame[0] & 0xff) << 8 | frame[1] & 0xff) == PRODUCE) writes = true;
                    write(out, frame);
                }
            } catch (IOException over) {
                close();
            }
        }

        void answers() {
            try (var in = new DataInputStream(broker.getInputStream())) {
                while (true) held.add(new Answer(read(in), System.nanoTime()));
            } catch (IOException over) {
                close();
            }
        }

        void deliver() {
            try {
                var out = client.getOutputStream();
                while (!closed) {
                    var answer = held.poll(1, TimeUnit.SECONDS);
                    if (answer == null) continue;
                    while (writes && !closed && isHeld(answer)) Thread.sleep(LOOK_AGAIN_MILLIS);
                    write(out, answer.frame);
                }
            } catch (IOException over) {
                close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private boolean isHeld(Answer answer) {
            return shut || System.nanoTime() - answer.givenAt < late.toNanos();
        }

        void close() {
            closed = true;
            lines.remove(this);
            Passage.close(client);
            Passage.close(broker);
        }
    }

    private static byte[] read(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 2 || length > LONGEST) throw new IOException("no frame of Kafka's: " + length);
        var frame = new byte[length];
        in.readFully(frame);
        return frame;
    }

    private static void write(OutputStream out, byte[] frame) throws IOException {
        var whole = new byte[frame.length + 4];
        java.nio.ByteBuffer.wrap(whole).putInt(frame.length).put(frame);
        out.write(whole);
        out.flush();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException gone) {
            return;
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        for (var line : lines) line.close();
    }
}
