package io.postmesh.runtime.blob;

import java.util.Optional;

/// What a store says of itself: which one it is, and whose (docs/decisions/0010). Two lines of text.
///
/// @param store a [key][BlobKeys], made once
/// @param mesh  the cluster id of the Kafka whose records name its blobs; empty: nobody's yet
public record BlobMark(String store, Optional<String> mesh) {

    /// A mark nobody has had before.
    public static BlobMark next(String mesh) {
        return new BlobMark(BlobKeys.next(), Optional.of(mesh));
    }

    /// The same store as that mesh's.
    public BlobMark of(String mesh) {
        return new BlobMark(store, Optional.of(mesh));
    }

    /// @return empty when it is none
    public static Optional<BlobMark> parse(String text) {
        var lines = text.strip().lines().map(String::strip).toList();
        if (lines.size() > 2 || !BlobKeys.isOne(lines.isEmpty() ? "" : lines.getFirst())) return Optional.empty();
        return Optional.of(new BlobMark(lines.getFirst(), lines.stream().skip(1).findFirst()));
    }

    public String text() {
        return store + "\n" + mesh.map(id -> id + "\n").orElse("");
    }
}
