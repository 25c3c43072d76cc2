package io.postmesh.runtime.life;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The parts of a running service, opened in order and closed in reverse.
public final class ServiceRun implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ServiceRun.class);

    private final String name;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private boolean closed;

    private ServiceRun(String name) {
        this.name = name;
    }

    public static ServiceRun named(String name) {
        return new ServiceRun(name);
    }

    /// Closed before everything that was opened earlier.
    ///
    /// @throws IllegalStateException when the service was closed while it started; the part is closed then, too
    public synchronized <T extends AutoCloseable> T open(T part) {
        if (closed) {
            close(part);
            throw new IllegalStateException(name + " was closed while it started");
        }
        parts.push(part);
        return part;
    }

    /// Each part waits for its own work in flight; one that fails to close does not keep the others open.
    @Override
    public synchronized void close() {
        closed = true;
        while (!parts.isEmpty()) close(parts.pop());
    }

    private void close(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            log.warn("{}: {} did not close: {}", name, part.getClass().getSimpleName(), e.toString());
        }
    }
}
