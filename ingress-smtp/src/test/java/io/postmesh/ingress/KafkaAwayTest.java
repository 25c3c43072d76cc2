package io.postmesh.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// With Kafka away the answer is a 4xx, in time, and never a lie.
class KafkaAwayTest {
    @Test
    void aMessageThatCannotBeStoredIsPutOffWithinTheReplyBudget() throws Exception {
        try (var door = Doorway.open(Map.of());
                var caller = Caller.inData(door.address(), "a@demo.test", "away@one.test");
                var large = Caller.inData(door.address(), "a@demo.test", "large@one.test");
                var late = Caller.dial(door.address())) {
            late.reply();
            late.say("EHLO client.test");
            door.broker().close();
            long since = System.nanoTime();
            caller.send("From: a@demo.test\r\n\r\nx\r\n.\r\n");
            large.send("From: a@demo.test\r\n\r\n" + incompressible() + ".\r\n");

            // Once it is known, it is said at MAIL: nobody sends 25 MB for nothing.
            await().pollInterval(Duration.ofMillis(200))
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> putsOff(late));

            assertThat(caller.reply()).startsWith("451 4.3.0 ");
            assertThat(large.reply()).startsWith("451 4.3.0 ");
            assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofSeconds(30));
            try (var blobs = door.blobs().list()) {
                assertThat(blobs)
                        .as("Kafka may have the record, and then it needs its blob")
                        .hasSize(1);
            }
        }
    }

    // A load balancer takes such a door out before a client has to wait for its 451.
    @Test
    void aDoorWithoutMailIsNotReadyEither() throws Exception {
        try (var door = Doorway.open(Map.of())) {
            assertThat(door.health().ready().ok()).isTrue();
            door.broker().close();
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> !door.health().ready().ok());
            assertThat(door.health().ready().troubles()).containsOnlyKeys("ingress-kafka");
        }
    }

    private static boolean putsOff(Caller caller) throws Exception {
        var reply = caller.say("MAIL FROM:<a@demo.test>");
        if (reply.startsWith("250 ")) caller.say("RSET");
        return reply.startsWith("451 4.3.0 ");
    }

    private static String incompressible() {
        var random = new Random(6);
        var text = new StringBuilder();
        while (text.length() < 600_000)
            text.append(Long.toHexString(random.nextLong())).append("\r\n");
        return text.toString();
    }
}
