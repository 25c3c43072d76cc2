package io.postmesh.runtime.blob;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The mark a store had when this process began with it: one with another mark, or without, is another store, mounted
/// in its place.
public final class FirstMark {
    private final AtomicReference<@Nullable BlobMark> first = new AtomicReference<>();

    /// The first counts; only its mesh may be named later.
    public Optional<BlobMark> saw(Optional<BlobMark> seen) {
        seen.ifPresent(now -> first.updateAndGet(then -> then == null || isCompleted(then, now) ? now : then));
        return seen;
    }

    private static boolean isCompleted(BlobMark then, BlobMark now) {
        return then.store().equals(now.store()) && then.mesh().isEmpty();
    }

    /// An operator may take the name of its mesh away; another's must not come there.
    private static boolean isSame(BlobMark then, BlobMark now) {
        return isCompleted(then, now)
                || then.store().equals(now.store())
                        && (now.mesh().isEmpty() || now.mesh().equals(then.mesh()));
    }

    /// Where the mark is read now.
    @FunctionalInterface
    public interface Source {
        Optional<BlobMark> read() throws IOException;
    }

    /// @param place for the operator
    /// @throws IOException when it is another store now, or cannot be told
    public void confirm(Object place, Source source) throws IOException {
        var then = first.get();
        if (then == null) return; // nobody shares it
        var now = saw(source.read());
        if (now.isEmpty())
            throw new IOException(place + " has no " + BlobStore.MARK + " any more: is its volume mounted?");
        if (!isSame(then, now.get()))
            throw new IOException(place + " is another blob store than at the start (" + BlobStore.MARK + " "
                    + now.get().store()
                    + now.get().mesh().map(" of mesh "::concat).orElse("") + ", it was "
                    + then.store() + then.mesh().map(" of mesh "::concat).orElse("")
                    + "): is another volume mounted in its place?");
    }
}
