package io.postmesh.runtime.life;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The parts of a running service, opened in order and closed in reverse; those that need not wait for each other, side
/// by side.
public final class ServiceRun implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ServiceRun.class);

    private final String name;
    private final Deque<List<AutoCloseable>> parts = new ArrayDeque<>();
    private boolean closed;

    private ServiceRun(String name) {
        this.name = name;
    }

    public static ServiceRun named(String name) {
        return new ServiceRun(name);
    }

    public String name() {
        return name;
    }

    /// Closed before everything that was opened earlier.
    ///
    /// @throws CancellationException when a stop came while the service was starting; the part is closed then
    public synchronized <T extends AutoCloseable> T open(T part) {
        parts.push(new ArrayList<>());
        return beside(part);
    }

    /// Closed at the same time as the part that was opened last.
    ///
    /// @throws CancellationException as [#open]
    public synchronized <T extends AutoCloseable> T beside(T part) {
        if (closed) {
            close(part);
            throw new CancellationException(name + " was stopped while it was starting");
        }
        parts.element().add(part);
        return part;
    }

    /// Each part waits for its own work in flight; one that fails to close does not keep the others open.
    @Override
    public synchronized void close() {
        closed = true;
        while (!parts.isEmpty()) close(parts.pop());
    }

    private void close(List<AutoCloseable> together) {
        if (together.size() == 1) {
            close(together.getFirst());
            return;
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var part : together) threads.execute(() -> close(part));
        }
    }

    private void close(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            log.warn("{}: {} did not close: {}", name, part.getClass().getSimpleName(), e.toString());
        }
    }
}
