package io.postmesh.runtime.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.LoggerContextVO;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;

/// An event as the line of it may tell it: no address in its text, its fields, or what was thrown.
record MaskedEvent(ILoggingEvent event, Addresses addresses) implements ILoggingEvent {
    @Override
    public String getFormattedMessage() {
        return addresses.masked(event.getFormattedMessage());
    }

    @Override
    public String getMessage() {
        return addresses.masked(event.getMessage());
    }

    /// Nobody needs them: they are in the text.
    @Override
    public Object[] getArgumentArray() {
        return new Object[0];
    }

    @Override
    public @Nullable List<KeyValuePair> getKeyValuePairs() {
        var pairs = event.getKeyValuePairs();
        if (pairs == null) return null;
        return pairs.stream()
                .map(pair -> new KeyValuePair(pair.key, masked(pair.value)))
                .toList();
    }

    private @Nullable Object masked(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Number number -> number;
            case Boolean truth -> truth;
            case Iterable<?> many -> {
                var all = new ArrayList<@Nullable Object>();
                many.forEach(one -> all.add(masked(one)));
                yield all;
            }
            default -> addresses.masked(value.toString());
        };
    }

    @Override
    public @Nullable IThrowableProxy getThrowableProxy() {
        return MaskedThrowable.of(event.getThrowableProxy(), addresses);
    }

    @Override
    public Map<String, String> getMDCPropertyMap() {
        var masked = new HashMap<String, String>();
        event.getMDCPropertyMap().forEach((name, value) -> masked.put(name, addresses.masked(value)));
        return masked;
    }

    @Override
    public Map<String, String> getMdc() {
        return getMDCPropertyMap();
    }

    @Override
    public String getThreadName() {
        return event.getThreadName();
    }

    @Override
    public Level getLevel() {
        return event.getLevel();
    }

    @Override
    public String getLoggerName() {
        return event.getLoggerName();
    }

    @Override
    public LoggerContextVO getLoggerContextVO() {
        return event.getLoggerContextVO();
    }

    @Override
    public StackTraceElement[] getCallerData() {
        return event.getCallerData();
    }

    @Override
    public boolean hasCallerData() {
        return event.hasCallerData();
    }

    @Override
    public List<Marker> getMarkerList() {
        return event.getMarkerList();
    }

    @Override
    public long getTimeStamp() {
        return event.getTimeStamp();
    }

    @Override
    public int getNanoseconds() {
        return event.getNanoseconds();
    }

    @Override
    public long getSequenceNumber() {
        return event.getSequenceNumber();
    }

    @Override
    public void prepareForDeferredProcessing() {
        event.prepareForDeferredProcessing();
    }
}
