package io.postmesh.lab.faults;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// A client of another network than the driver's that asks for more than a limit allows: MAIL FROM again and again
/// at every door, and nothing else.
public final class LimitProbe {
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final Duration PAUSE = Duration.ofMillis(20); // after a door closed

    private final List<InetSocketAddress> doors;
    private final InetAddress from;
    private final AtomicInteger allowed = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();

    private LimitProbe(List<InetSocketAddress> doors, InetAddress from) {
        this.doors = doors;
        this.from = from;
    }

    /// @param allowed MAIL FROM that was answered 250
    /// @param refused and 4xx
    public record Count(int allowed, int refused) {}

    /// Returns after that time.
    ///
    /// @param from a loopback address of ours
    public static Count ask(List<InetSocketAddress> doors, InetAddress from, Duration time) throws IOException {
        return new LimitProbe(doors, from).run(System.nanoTime() + time.toNanos());
    }

    private Count run(long until) throws IOException {
        var clients = doors.stream()
                .<Callable<Boolean>>map(door -> () -> press(door, until))
                .toList();
        try (var threads = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().daemon().name("probe-", 0).factory())) {
            for (var client : threads.invokeAll(clients)) client.get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new Count(allowed.get(), refused.get());
    }

    // A door closes on who never sends a message; then it is knocked at again.
    private boolean press(InetSocketAddress door, long until) throws InterruptedException {
        while (System.nanoTime() < until) {
            try (var socket = new Socket()) {
                socket.bind(new InetSocketAddress(from, 0));
                socket.setSoTimeout(TIMEOUT_MILLIS);
                socket.setTcpNoDelay(true);
                socket.connect(door, TIMEOUT_MILLIS);
                converse(socket, until);
            } catch (IOException closed) {
                Thread.sleep(PAUSE);
            }
        }
        return true;
    }

    private void converse(Socket socket, long until) throws IOException {
        var in = new BufferedInputStream(socket.getInputStream());
        code(in);
        say(socket, "EHLO probe.test\r\n");
        code(in);
        while (System.nanoTime() < until) {
            say(socket, "MAIL FROM:<" + Workload.SENDER + ">\r\nRSET\r\n");
            int code = code(in);
            if (code == 250) allowed.incrementAndGet();
            else refused.incrementAndGet();
            if (code == 421) return;
            code(in);
        }
        say(socket, "QUIT\r\n");
    }

    private static void say(Socket socket, String line) throws IOException {
        socket.getOutputStream().write(line.getBytes(US_ASCII));
    }

    // Of a reply's last line.
    private static int code(InputStream in) throws IOException {
        while (true) {
            var line = new StringBuilder();
            int octet = in.read();
            for (; octet >= 0 && octet != '\n'; octet = in.read()) line.append((char) octet);
            if (octet < 0 || line.length() < 3) throw new EOFException("the door closed");
            if (line.length() == 3 || line.charAt(3) != '-') return Integer.parseInt(line.substring(0, 3));
        }
    }
}
