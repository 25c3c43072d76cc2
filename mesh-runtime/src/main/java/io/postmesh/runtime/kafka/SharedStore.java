package io.postmesh.runtime.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postmesh.runtime.blob.BlobKeys;
import io.postmesh.runtime.blob.BlobStore;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Whether the blob store of this process is that of the mesh (docs/decisions/0010).
///
/// A store carries a mark, made once. The first service of a mesh publishes it in `mesh.config` under the key
/// `blobs/<mark>`; of several that were first at once the one that stands first in the log counts. Whoever has another
/// store, or one without a mark, does not start: a body written there would be found by nobody.
public final class SharedStore {
    private static final String KEY = "blobs/";
    private static final String HOW = "docs/operations.md, One blob store for all, says how to move to another";

    /// Marks in the order of the log, each with who published it.
    private final Map<String, String> published = new LinkedHashMap<>();

    private final BlobStore blobs;
    private final String setting;

    private SharedStore(BlobStore blobs, String setting) {
        this.blobs = blobs;
        this.setting = setting;
    }

    /// @param setting that names the store, and what it says
    /// @throws IOException with a sentence for the operator when it is another store, or cannot be told
    public static void check(KafkaSettings kafka, BlobStore blobs, String setting) throws IOException {
        var store = new SharedStore(blobs, setting);
        try (var config = ConfigTopic.open(kafka, "blob-store", store::take)) {
            if (store.first().isEmpty()) store.publish(config, setting + " of " + kafka.instance());
            store.compare(store.first().orElseThrow());
        }
    }

    private void publish(ConfigTopic config, String by) throws IOException {
        var here = blobs.mark();
        var mark = here.isPresent() ? here.get() : blobs.mark(BlobKeys.next());
        config.write(KEY + mark, KafkaSettings.utf8(by));
        boolean wasFirst = first().map(Map.Entry::getKey).orElse(mark).equals(mark);
        if (!wasFirst) config.write(KEY + mark, null);
    }

    private void compare(Map.Entry<String, String> mesh) throws IOException {
        var here = blobs.mark();
        if (here.isEmpty())
            throw new IOException(setting + " is not marked as the blob store of this mesh, which is " + mesh.getValue()
                    + ": is its volume mounted? To go on with this one all the same, write " + mesh.getKey()
                    + " into its " + BlobStore.MARK + "; " + HOW);
        if (!here.get().equals(mesh.getKey()))
            throw new IOException(setting + " is another blob store than that of this mesh, which is "
                    + mesh.getValue() + " (" + BlobStore.MARK + " " + mesh.getKey()
                    + "): mount the same folder for every service, or set POSTMESH_BLOB_STORE=s3://bucket/prefix for"
                    + " all; " + HOW);
    }

    private synchronized Optional<Map.Entry<String, String>> first() {
        return published.entrySet().stream().findFirst().map(Map.Entry::copyOf);
    }

    private synchronized void take(InRecord record) {
        if (record.key() == null) return;
        var key = new String(record.key(), UTF_8);
        if (!key.startsWith(KEY)) return;
        var mark = key.substring(KEY.length());
        if (record.value() == null) published.remove(mark);
        else published.putIfAbsent(mark, new String(record.value(), UTF_8));
    }
}
