package io.postmesh.ingress.intake;

import io.postmesh.runtime.blob.BlobStore;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.concurrent.Callable;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// A body on its way to the blob store: files are written off the event loop, piece after piece, and the socket waits
/// while a piece is under way. Called on one event loop only.
final class Spill {
    private final Context context;
    private final BlobStore blobs;
    private final CRC32C sum = new CRC32C();
    private Future<Void> tail = Future.succeededFuture();
    private BlobStore.@Nullable Writer writer;
    private boolean open;
    private int outstanding;
    private @Nullable Runnable whenIdle;

    Spill(Context context, BlobStore blobs) {
        this.context = context;
        this.blobs = blobs;
    }

    boolean isOpen() {
        return open;
    }

    boolean isBusy() {
        return outstanding > 0;
    }

    /// Whether the store has failed us: nothing more is written then.
    boolean hasFailed() {
        return tail.failed();
    }

    Throwable failure() {
        return tail.cause();
    }

    /// Runs `resume` once, when nothing is under way any more.
    void onIdle(Runnable resume) {
        if (isBusy()) whenIdle = resume;
        else resume.run();
    }

    void write(byte[] piece) {
        if (!open) then(() -> writer = blobs.create());
        open = true;
        sum.update(piece); // of what we meant to write: what becomes of it on its way to the disk is found out, too
        then(() -> {
            if (writer != null) writer.write(piece, 0, piece.length);
            return null;
        });
    }

    /// CRC-32C of all that was written.
    int sum() {
        return (int) sum.getValue();
    }

    /// The key, once the blob is durable.
    Future<String> commit() {
        var committed = tail.compose(_ -> offLoop(() -> {
            if (writer == null) throw new IllegalStateException("nothing was written");
            return writer.commit();
        }));
        tail = committed.mapEmpty();
        return committed;
    }

    /// Leaves nothing behind, also after a failure. Harmless when nothing was written, and after [#commit].
    void abort() {
        if (!open) return;
        tail.onComplete(_ -> offLoop(() -> {
            if (writer != null) writer.abort();
            return null;
        }));
    }

    /// Nobody will ever name this blob.
    void discard(String key) {
        offLoop(() -> {
            blobs.delete(key);
            return null;
        });
    }

    private void then(Callable<?> work) {
        outstanding++;
        tail = tail.<Void>compose(_ -> offLoop(work).mapEmpty()).onComplete(_ -> finished());
    }

    private void finished() {
        if (--outstanding > 0) return;
        var resume = whenIdle;
        whenIdle = null;
        if (resume != null) resume.run();
    }

    private <T> Future<T> offLoop(Callable<T> work) {
        return context.executeBlocking(work, false);
    }
}
