package io.postmesh.runtime.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.ServerSocket;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ReasonTest {
    @Test
    void anAnswerThatDoesNotComeIsSaidWithTheTimeItHad() {
        assertThat(Reason.of(new TimeoutException())).isEqualTo("no answer in 250 ms");
        assertThat(Reason.of(new CompletionException(new RedisCommandTimeoutException("Command timed out"))))
                .isEqualTo("no answer in 250 ms");
    }

    @Test
    void whatRedisSaidStandsAsItSaidIt() {
        assertThat(Reason.of(new CompletionException(new RedisCommandExecutionException("LOADING Redis is loading"))))
                .isEqualTo("LOADING Redis is loading");
    }

    @Test
    void whatHasNoWordsIsNamed() {
        assertThat(Reason.of(new ClosedChannelException())).isEqualTo("ClosedChannelException");
    }

    @Test
    void aRedisThatIsAwayAtTheStartIsSaidWithItsAddressAndNothingOfJava() throws Exception {
        int nobody;
        try (var socket = new ServerSocket(0)) {
            nobody = socket.getLocalPort();
        }
        var lines = new ListAppender<ILoggingEvent>();
        var log = (Logger) LoggerFactory.getLogger(RedisState.class);
        lines.start();
        log.addAppender(lines);
        try (var redis = RedisState.connect("redis://:s3cret@127.0.0.1:" + nobody + "/0", new SimpleMeterRegistry())) {
            await().until(() -> redis.trouble().orElse("").contains("Connection refused"));
            assertThat(redis.trouble())
                    .contains("limits are local: Redis at 127.0.0.1:" + nobody + ": Connection refused");
        } finally {
            log.detachAppender(lines);
        }
        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("Redis at 127.0.0.1:" + nobody + " does not serve the limits (Connection refused);"
                        + " every worker keeps to its own share of them");
    }
}
