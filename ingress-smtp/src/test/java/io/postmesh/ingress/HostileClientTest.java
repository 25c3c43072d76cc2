package io.postmesh.ingress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postmesh.ingress.wire.Deadlines;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients that waste our time or our memory: each is told so, or left, in a bounded time.
class HostileClientTest {
    /// Everything a minute, but for one thing.
    private static final Duration LONG = Duration.ofMinutes(1);

    private static Doorway door;

    @BeforeAll
    static void open() throws Exception {
        door = Doorway.open(Map.of());
    }

    @AfterAll
    static void close() {
        door.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"NOOP", "RSET", "HELP", "VRFY root"})
    void aHundredCommandsThatMoveNoMailAreEnough(String command) throws Exception {
        try (var caller = Caller.dial(door.address())) {
            caller.reply();
            caller.send((command + "\r\n").repeat(200));
            var said = caller.rest().lines().toList();
            assertThat(said).hasSize(101);
            assertThat(said.getLast()).isEqualTo("421 4.7.0 Too many commands that move no mail");
        }
    }

    @Test
    void tenMebibytesOfCommandsInOneGoAreAnsweredAHundredTimes() throws Exception {
        try (var caller = Caller.dial(door.address())) {
            caller.reply();
            caller.send("RSET\r\n".repeat(10 * 1024 * 1024 / 6));
            assertThat(caller.rest().lines()).hasSize(101);
        }
    }

    @Test
    void whoNeverReadsItsRepliesIsLeft() throws Exception {
        var unread = deadlines(LONG, LONG, Duration.ofMillis(500));
        try (var impatient = Doorway.open(Map.of(), unread);
                var writer = Executors.newVirtualThreadPerTaskExecutor();
                var socket = new Socket()) {
            socket.setReceiveBufferSize(4096);
            socket.connect(impatient.address());
            writer.submit(() -> floodWithRecipients(socket));
            await().until(() -> impatient.connections() == 1);
            await().atMost(Duration.ofSeconds(20)).until(() -> impatient.connections() == 0);
        }
    }

    // A recipient named twice costs nothing and is answered each time.
    private static Object floodWithRecipients(Socket socket) throws IOException {
        var out = socket.getOutputStream();
        out.write("EHLO c.test\r\n".getBytes(US_ASCII));
        await().until(() -> socket.getInputStream().available() > 0);
        out.write("MAIL FROM:<a@demo.test>\r\n".getBytes(US_ASCII));
        var recipients = "RCPT TO:<b@one.test>\r\n".repeat(10_000).getBytes(ISO_8859_1);
        while (true) out.write(recipients);
    }

    @Test
    void anOctetNowAndThenBuysNoTime() throws Exception {
        try (var impatient = Doorway.open(Map.of(), deadlines(Duration.ofSeconds(1), LONG, LONG));
                var caller = Caller.dial(impatient.address())) {
            caller.reply();
            var said = restOf(caller);
            await().pollInterval(Duration.ofMillis(50)).until(() -> said.isDone() || sends(caller, "X"));
            assertThat(said.get()).startsWith("421 4.4.2 ");
        }
    }

    @Test
    void aNoopNowAndThenKeepsNoPlace() throws Exception {
        try (var impatient = Doorway.open(Map.of(), deadlines(LONG, Duration.ofSeconds(1), LONG));
                var caller = Caller.dial(impatient.address())) {
            caller.reply();
            var said = restOf(caller);
            await().pollInterval(Duration.ofMillis(100)).until(() -> said.isDone() || sends(caller, "NOOP\r\n"));
            assertThat(said.get()).endsWith("421 4.4.2 Timeout exceeded\r\n");
        }
    }

    @Test
    void aStrangerWhoTalksBeforeTheGreetingIsNoMailClient() throws Exception {
        var patient = new Deadlines(LONG, LONG, 1, LONG, LONG, LONG, Duration.ofMillis(50), LONG, LONG, LONG);
        try (var strict = Doorway.open(Map.of("POSTFIX_mynetworks", "192.0.2.0/24"), patient);
                var caller = Caller.dial(strict.address())) {
            caller.send("EHLO c.test\r\nMAIL FROM:<a@demo.test>\r\n");
            assertThat(caller.rest()).isEqualTo("554 5.5.0 SMTP synchronization error: wait for the reply\r\n");
        }
    }

    @Test
    void whoIsRefusedAfterItSaidThatNothingMoreWillComeIsNotWaitedFor() throws Exception {
        var patient = new Deadlines(LONG, LONG, 1, LONG, LONG, LONG, LONG, LONG, Duration.ofMillis(1), LONG);
        try (var waiting = Doorway.open(Map.of(), patient);
                var caller = Caller.dial(waiting.address())) {
            caller.reply();
            caller.send("EHLO c.test\n");
            caller.finish();
            assertThat(caller.rest()).startsWith("500 5.5.2 ");
        }
    }

    private static Deadlines deadlines(Duration command, Duration connection, Duration unread) {
        var drain = Duration.ofMillis(50);
        return new Deadlines(
                command, LONG, 1, LONG, connection, LONG, drain, unread, Duration.ofMillis(1), Duration.ofSeconds(1));
    }

    private static CompletableFuture<String> restOf(Caller caller) {
        var said = new CompletableFuture<String>();
        Thread.ofVirtual().start(() -> {
            try {
                said.complete(caller.rest());
            } catch (IOException e) {
                said.completeExceptionally(e);
            }
        });
        return said;
    }

    private static boolean sends(Caller caller, String text) {
        try {
            caller.send(text);
        } catch (IOException e) {
            // The server has hung up; what it said is on its way.
        }
        return false;
    }
}
