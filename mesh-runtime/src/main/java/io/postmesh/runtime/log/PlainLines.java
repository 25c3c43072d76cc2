package io.postmesh.runtime.log;

import ch.qos.logback.classic.pattern.TargetLengthBasedClassNameAbbreviator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.LayoutBase;
import io.postmesh.mail.LogText;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/// Lines for people: ours, or those of boky/postfix.
public final class PlainLines extends LayoutBase<ILoggingEvent> {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX").withZone(ZoneId.systemDefault());
    private static final int FRAMES = 6;

    private final TargetLengthBasedClassNameAbbreviator names = new TargetLengthBasedClassNameAbbreviator(28);
    private final Origin origin;
    private final boolean asBoky;

    private PlainLines(Origin origin, boolean asBoky) {
        this.origin = origin;
        this.asBoky = asBoky;
    }

    public static PlainLines ours(Origin origin) {
        return new PlainLines(origin, false);
    }

    /// `rfc3339 SEVERITY tag: message`.
    public static PlainLines boky(Origin origin) {
        return new PlainLines(origin, true);
    }

    @Override
    public String doLayout(ILoggingEvent event) {
        var line = new StringBuilder(256).append(TIME.format(Instant.ofEpochMilli(event.getTimeStamp())));
        if (asBoky) {
            line.append(" %-7s ".formatted(Severity.of(event.getLevel())));
            line.append(origin.daemon(event)).append('[').append(origin.pid()).append("]: ");
        } else {
            line.append(" %-5s %-28s ".formatted(event.getLevel(), names.abbreviate(event.getLoggerName())));
        }
        line.append(LogText.line(event.getFormattedMessage()));
        var cause = event.getThrowableProxy();
        for (boolean first = true; cause != null; cause = cause.getCause(), first = false) {
            line.append(first ? " | " : " | caused by ").append(thrown(cause));
        }
        return line.append('\n').toString();
    }

    private static String thrown(IThrowableProxy cause) {
        var text = new StringBuilder(cause.getClassName());
        if (cause.getMessage() != null) text.append(": ").append(LogText.line(cause.getMessage()));
        var frames = cause.getStackTraceElementProxyArray();
        for (int i = 0; frames != null && i < Math.min(FRAMES, frames.length); i++) {
            text.append(" | ").append(frames[i].getSTEAsString());
        }
        return text.toString();
    }
}
