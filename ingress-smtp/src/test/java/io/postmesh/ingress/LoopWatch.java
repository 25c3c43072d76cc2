package io.postmesh.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.vertx.core.VertxOptions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/// Vert.x' own watch over its event loops, made a test: two seconds in one piece are a block.
final class LoopWatch implements AutoCloseable {
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.vertx.core");
    private final ListAppender<ILoggingEvent> told = new ListAppender<>();

    LoopWatch() {
        told.start();
        logger.addAppender(told);
    }

    VertxOptions options() {
        return new VertxOptions()
                .setBlockedThreadCheckInterval(250)
                .setBlockedThreadCheckIntervalUnit(TimeUnit.MILLISECONDS)
                .setMaxEventLoopExecuteTime(2)
                .setMaxEventLoopExecuteTimeUnit(TimeUnit.SECONDS);
    }

    boolean hasTold() {
        return !blocked().isEmpty();
    }

    private List<String> blocked() {
        return List.copyOf(told.list).stream()
                .map(ILoggingEvent::getFormattedMessage)
                .filter(message -> message.contains("eventloop") && message.contains("has been blocked"))
                .toList();
    }

    @Override
    public void close() {
        logger.detachAppender(told);
        assertThat(blocked()).as("event loops that were blocked").isEmpty();
    }
}
