package io.postmesh.lab.dns;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;

/// A name server on a loopback port, UDP and TCP.
public final class ToyDns implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ToyDns.class);
    private static final int PLAIN_UDP = 512; // RFC 1035 §4.2.1
    private static final int MAX_MESSAGE = 65_535;
    private static final byte[] NO_DNS = "this is no DNS message".getBytes(US_ASCII);

    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ConcurrentHashMap<Name, Integer> questions = new ConcurrentHashMap<>();
    private volatile Zone zone;

    private ToyDns(Zone zone, int port) throws IOException {
        this.zone = zone;
        var loopback = InetAddress.getLoopbackAddress();
        udp = new DatagramSocket(new InetSocketAddress(loopback, port));
        try {
            tcp = new ServerSocket(udp.getLocalPort(), 50, loopback);
        } catch (IOException e) {
            udp.close();
            throw e;
        }
        threads.execute(this::serveUdp);
        threads.execute(this::serveTcp);
    }

    /// Serves these zone lines on a free port.
    public static ToyDns start(String zoneLines) {
        return start(zoneLines, 0);
    }

    public static ToyDns start(Path zoneFile) {
        try {
            return start(Files.readString(zoneFile));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static ToyDns start(String zoneLines, int port) {
        var zone = Zone.parse(zoneLines);
        for (int tries = 10; ; tries--) {
            try {
                return new ToyDns(zone, port);
            } catch (BindException e) {
                // the free UDP port may be taken for TCP; another one then
                if (tries == 0 || port != 0) throw new UncheckedIOException(e);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) udp.getLocalSocketAddress();
    }

    public int port() {
        return udp.getLocalPort();
    }

    /// Other zone lines from now on.
    public void zone(String zoneLines) {
        zone = Zone.parse(zoneLines);
    }

    /// How often this name was asked for, any type.
    public int questionsFor(String name) {
        return questions.getOrDefault(Zone.name(name), 0);
    }

    @Override
    public void close() {
        udp.close();
        try {
            tcp.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.shutdownNow();
    }

    private void serveUdp() {
        var buffer = new byte[MAX_MESSAGE];
        while (!udp.isClosed()) {
            var packet = new DatagramPacket(buffer, buffer.length);
            try {
                udp.receive(packet);
                var reply = reply(java.util.Arrays.copyOf(packet.getData(), packet.getLength()), false);
                if (reply.isPresent()) {
                    var octets = reply.get();
                    udp.send(new DatagramPacket(octets, octets.length, packet.getSocketAddress()));
                }
            } catch (IOException | RuntimeException e) {
                // also what dnsjava makes of a strange question: the next one wants its answer
                if (!udp.isClosed()) LOG.debug("dns: {}", e.toString());
            }
        }
    }

    private void serveTcp() {
        while (!tcp.isClosed()) {
            try {
                var socket = tcp.accept();
                threads.execute(() -> serve(socket));
            } catch (IOException | RejectedExecutionException e) {
                if (!tcp.isClosed()) LOG.debug("dns: {}", e.toString());
            }
        }
    }

    // RFC 1035 §4.2.2: each message behind its length; the client closes.
    private void serve(Socket socket) {
        try (socket;
                var in = new DataInputStream(socket.getInputStream());
                var out = new DataOutputStream(socket.getOutputStream())) {
            while (true) {
                var query = in.readNBytes(in.readUnsignedShort());
                var reply = reply(query, true);
                if (reply.isEmpty()) continue;
                var framed = new byte[reply.get().length + 2];
                framed[0] = (byte) (reply.get().length >> 8);
                framed[1] = (byte) reply.get().length;
                System.arraycopy(reply.get(), 0, framed, 2, reply.get().length);
                out.write(framed);
            }
        } catch (IOException e) {
            LOG.debug("dns: {}", e.toString());
        }
    }

    private Optional<byte[]> reply(byte[] octets, boolean overTcp) throws IOException {
        var query = new Message(octets);
        var question = query.getQuestion();
        if (question == null) return Optional.empty();
        questions.merge(question.getName(), 1, Integer::sum);
        var known = zone;
        var fault = known.fault(question.getName());
        if (fault.isPresent()) return misbehave(fault.get(), query, question, known, overTcp);
        return Optional.of(wire(Answers.answer(query, question, known), query, overTcp));
    }

    private static Optional<byte[]> misbehave(
            DnsFault fault, Message query, Record question, Zone known, boolean overTcp) {
        return switch (fault) {
            case SERVFAIL ->
                Optional.of(Answers.failure(query, question, Rcode.SERVFAIL).toWire());
            case REFUSED ->
                Optional.of(Answers.failure(query, question, Rcode.REFUSED).toWire());
            case NXDOMAIN ->
                Optional.of(Answers.failure(query, question, Rcode.NXDOMAIN).toWire());
            case TIMEOUT -> Optional.empty();
            case GARBAGE -> Optional.of(NO_DNS);
            case TRUNCATED ->
                Optional.of(
                        overTcp
                                ? wire(Answers.answer(query, question, known), query, true)
                                : Answers.truncated(query, question).toWire());
        };
    }

    // Too long for the client's buffer: dnsjava cuts and sets TC, the client comes back over TCP.
    private static byte[] wire(Message answer, Message query, boolean overTcp) {
        var opt = query.getOPT();
        int udpSize = opt == null ? PLAIN_UDP : Math.max(PLAIN_UDP, opt.getPayloadSize());
        return answer.toWire(overTcp ? MAX_MESSAGE : udpSize);
    }
}
