package io.postmesh.runtime.log;

import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What was thrown, and what caused it, without addresses in what they say.
record MaskedThrowable(IThrowableProxy thrown, Addresses addresses) implements IThrowableProxy {
    static @Nullable IThrowableProxy of(@Nullable IThrowableProxy thrown, Addresses addresses) {
        return thrown == null ? null : new MaskedThrowable(thrown, addresses);
    }

    @Override
    public @Nullable String getMessage() {
        return masked(thrown.getMessage());
    }

    @Override
    public @Nullable String getOverridingMessage() {
        return masked(thrown.getOverridingMessage());
    }

    private @Nullable String masked(@Nullable String text) {
        return text == null ? null : addresses.masked(text);
    }

    @Override
    public String getClassName() {
        return thrown.getClassName();
    }

    @Override
    public StackTraceElementProxy[] getStackTraceElementProxyArray() {
        return thrown.getStackTraceElementProxyArray();
    }

    @Override
    public int getCommonFrames() {
        return thrown.getCommonFrames();
    }

    @Override
    public @Nullable IThrowableProxy getCause() {
        return of(thrown.getCause(), addresses);
    }

    @Override
    public IThrowableProxy[] getSuppressed() {
        return Arrays.stream(thrown.getSuppressed())
                .map(each -> new MaskedThrowable(each, addresses))
                .toArray(IThrowableProxy[]::new);
    }

    @Override
    public boolean isCyclic() {
        return thrown.isCyclic();
    }
}
