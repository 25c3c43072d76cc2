package io.postmesh.runtime.ops;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import io.postmesh.runtime.log.JsonLines;
import io.postmesh.runtime.log.MaskingEncoder;
import io.postmesh.runtime.log.Origin;
import io.postmesh.runtime.log.PlainLines;
import io.postmesh.runtime.settings.BadSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/// Sets up logback in code, so that no jar on the class path can bring another set-up.
public final class Logging implements AutoCloseable {
    private static final FileSize FILE = FileSize.valueOf("50MB");
    private static final int FILES = 5;
    /// Lines waiting for the disk or a reader; mail is not held up by a log.
    private static final int QUEUE = 8192;

    /// Says with a stack that an event loop is gone when a listener comes late; that is every orderly stop.
    private static final String LAST_WORDS = "io.netty.util.concurrent.DefaultPromise.rejectedExecution";

    /// They warn of their own normal life: first starts, reconnects, partitions that move.
    private static final List<String> CHATTER = List.of(
            "kafka",
            "state.change.logger",
            "org.apache.kafka.controller",
            "org.apache.kafka.coordinator",
            "org.apache.kafka.image",
            "org.apache.kafka.metadata",
            "org.apache.kafka.raft",
            "org.apache.kafka.server",
            "org.apache.kafka.storage",
            "org.apache.kafka.clients.NetworkClient",
            "org.apache.kafka.clients.consumer.internals.OffsetFetcherUtils",
            "io.lettuce.core.protocol",
            "io.netty");

    private final LoggerContext context;

    private Logging(LoggerContext context) {
        this.context = context;
    }

    /// Our own lines from the level of the settings on, libraries from WARN on.
    ///
    /// @param process `postmesh` with all services in it, or the one service
    /// @throws BadSettings when the log file cannot be written
    public static Logging install(LogSettings settings, String process) throws BadSettings {
        if (settings.file().isPresent()) checkWritable(settings.file().get());
        var context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(lossy(context, appender(context, settings, Origin.of(process))));
        context.getLogger("io.postmesh").setLevel(Level.toLevel(settings.level().name()));
        CHATTER.forEach(name -> context.getLogger(name).setLevel(Level.ERROR));
        context.getLogger(LAST_WORDS).setLevel(Level.OFF);
        takeInJavasOwn();
        return new Logging(context);
    }

    /// Writes what is still waiting.
    @Override
    public void close() {
        context.stop();
    }

    // OpenTelemetry speaks java.util.logging, whose own handler writes a stack as many lines on standard error.
    private static void takeInJavasOwn() {
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }

    private static void checkWritable(Path file) throws BadSettings {
        if (isWritable(file)) return;
        throw new BadSettings(List.of(LogSettings.FILE + ": the log file " + file
                + " cannot be written; name one in a folder this process's user may write to"));
    }

    private static boolean isWritable(Path file) {
        var folder = file.toAbsolutePath().getParent();
        try {
            if (folder != null) Files.createDirectories(folder);
        } catch (IOException e) {
            return false;
        }
        if (Files.exists(file)) return Files.isRegularFile(file) && Files.isWritable(file);
        return folder != null && Files.isWritable(folder);
    }

    private static OutputStreamAppender<ILoggingEvent> appender(
            LoggerContext context, LogSettings settings, Origin origin) {
        OutputStreamAppender<ILoggingEvent> appender =
                settings.file().map(file -> rolling(context, file)).orElseGet(ConsoleAppender::new);
        appender.setContext(context);
        appender.setEncoder(encoder(context, settings, origin));
        appender.start();
        return appender;
    }

    private static OutputStreamAppender<ILoggingEvent> rolling(LoggerContext context, Path file) {
        var appender = new RollingFileAppender<ILoggingEvent>();
        appender.setContext(context);
        appender.setFile(file.toString());
        var window = new FixedWindowRollingPolicy();
        window.setContext(context);
        window.setParent(appender);
        window.setFileNamePattern(file + ".%i");
        window.setMaxIndex(FILES);
        window.start();
        var size = new SizeBasedTriggeringPolicy<ILoggingEvent>();
        size.setContext(context);
        size.setMaxFileSize(FILE);
        size.start();
        appender.setRollingPolicy(window);
        appender.setTriggeringPolicy(size);
        return appender;
    }

    private static Encoder<ILoggingEvent> encoder(LoggerContext context, LogSettings settings, Origin origin) {
        var shape = started(context, shape(context, settings.format(), origin));
        return settings.addresses()
                .map(filter -> started(context, new MaskingEncoder(shape, filter)))
                .orElse(shape);
    }

    private static Encoder<ILoggingEvent> shape(LoggerContext context, LogSettings.Format format, Origin origin) {
        return switch (format) {
            case PLAIN -> plain(context, PlainLines.ours(origin));
            case BOKY_PLAIN -> plain(context, PlainLines.boky(origin));
            case JSON -> JsonLines.ours(origin);
            case BOKY_JSON -> JsonLines.boky(origin);
        };
    }

    private static Encoder<ILoggingEvent> started(LoggerContext context, Encoder<ILoggingEvent> encoder) {
        encoder.setContext(context);
        encoder.start();
        return encoder;
    }

    private static Encoder<ILoggingEvent> plain(LoggerContext context, PlainLines lines) {
        lines.setContext(context);
        lines.start();
        var encoder = new LayoutWrappingEncoder<ILoggingEvent>();
        encoder.setLayout(lines);
        encoder.setCharset(UTF_8);
        return encoder;
    }

    private static LossyAppender lossy(LoggerContext context, OutputStreamAppender<ILoggingEvent> to) {
        var lossy = new LossyAppender(QUEUE);
        lossy.setContext(context);
        lossy.addAppender(to);
        lossy.start();
        return lossy;
    }
}
