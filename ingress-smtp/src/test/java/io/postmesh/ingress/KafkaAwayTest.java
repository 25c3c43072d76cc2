package io.postmesh.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// With Kafka away the answer is a 4xx, in time, and never a lie.
class KafkaAwayTest {
    @Test
    void aMessageThatCannotBeStoredIsPutOffWithinTheReplyBudget() throws Exception {
        try (var door = Doorway.open(Map.of());
                var caller = Caller.inData(door.address(), "a@demo.test", "away@one.test")) {
            door.broker().close();
            long since = System.nanoTime();
            caller.send("From: a@demo.test\r\n\r\nx\r\n.\r\n");
            assertThat(caller.reply()).startsWith("451 4.3.0 ");
            assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofSeconds(30));
        }
    }
}
