package io.postmesh.runtime.ops;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import java.util.EnumMap;
import java.util.Map;

/// The text of all meters, rendered one at a time on a thread of its own: the threads of Vert.x write mail. Whoever
/// asks while the next rendering waits for its turn shares it.
final class Scrapes implements AutoCloseable {
    private final PrometheusMeterRegistry meters;
    private final WorkerExecutor worker;
    private final Map<Exposition, Future<Buffer>> waiting = new EnumMap<>(Exposition.class);

    Scrapes(Vertx vertx, PrometheusMeterRegistry meters) {
        this.meters = meters;
        this.worker = vertx.createSharedWorkerExecutor("postmesh-scrapes", 1);
    }

    /// As of now or later, never as of before.
    synchronized Future<Buffer> next(Exposition form) {
        return waiting.computeIfAbsent(form, _ -> worker.executeBlocking(() -> render(form), false));
    }

    private Buffer render(Exposition form) {
        synchronized (this) {
            waiting.remove(form);
        }
        return Buffer.buffer(meters.scrape(form.contentType));
    }

    @Override
    public void close() {
        worker.close();
    }
}
