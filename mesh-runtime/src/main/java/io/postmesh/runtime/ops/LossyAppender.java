package io.postmesh.runtime.ops;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Never holds up who logs, and counts what that costs: lines below WARN when few places are left, all when none is.
final class LossyAppender extends AsyncAppender {
    private static final String NAME = "lossy";
    private static final String METRIC = "postmesh_log_lines_dropped_total";
    private static final String HELP = "Log lines dropped because they are read or written too slowly. "
            + "Rising: facts are missing in the log; mail does not wait for it.";

    private final LongAdder dropped = new LongAdder();
    private final Object places = new Object();

    LossyAppender(int places) {
        setName(NAME);
        setQueueSize(places);
        setNeverBlock(true);
    }

    /// Of this process: logback is one for all of it.
    static void count(MeterRegistry meters) {
        FunctionCounter.builder(METRIC, LossyAppender.class, _ -> droppedByThisProcess())
                .description(HELP)
                .register(meters);
    }

    // None before a log is set up, and in tests that have their own.
    private static long droppedByThisProcess() {
        if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) return 0;
        return context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender(NAME) instanceof LossyAppender ours
                ? ours.dropped()
                : 0;
    }

    long dropped() {
        return dropped.sum();
    }

    // Logback tells nobody that there was no place. Between the question and the line nobody else may take the last
    // one.
    @Override
    protected void append(ILoggingEvent event) {
        synchronized (places) {
            if (getRemainingCapacity() == 0) dropped.increment();
            else super.append(event);
        }
    }

    // Asked only when few places are left.
    @Override
    protected boolean isDiscardable(ILoggingEvent event) {
        boolean discarded = super.isDiscardable(event);
        if (discarded) dropped.increment();
        return discarded;
    }
}
