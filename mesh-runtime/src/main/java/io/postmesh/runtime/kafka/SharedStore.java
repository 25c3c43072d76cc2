package io.postmesh.runtime.kafka;

import io.postmesh.contract.Topics;
import io.postmesh.runtime.blob.BlobMark;
import io.postmesh.runtime.blob.BlobStore;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.AuthorizationException;

/// Whether the blob store of this process is that of the mesh (docs/decisions/0010).
///
/// A store carries a mark, made once. The first service of a mesh publishes it in `mesh.config` under the key
/// `blobs/<mark>`; of several that were first at once the one that stands first in the log counts. Whoever has another
/// store, or one without a mark, does not start: a body written there would be found by nobody.
public final class SharedStore {
    private static final String NAME = "blob-store";
    private static final Duration CLOSE = Duration.ofSeconds(2);
    private static final String HOW = "docs/operations.md, One blob store for all, says how to move to another";

    private final ConfigTopic config;
    private final StoreMarks marks;
    private final BlobStore blobs;
    private final String setting;
    private final String cluster;

    private SharedStore(MeshTopics topics, BlobStore blobs, String setting, String cluster) {
        this.config = topics.config();
        this.marks = topics.marks();
        this.blobs = blobs;
        this.setting = setting;
        this.cluster = cluster;
    }

    /// @param topics  of the mesh; they have read `mesh.config`
    /// @param setting that names the store, and what it says
    /// @throws IOException with a sentence for the operator when it is another store, or cannot be told
    public static void check(MeshTopics topics, KafkaSettings kafka, BlobStore blobs, String setting)
            throws IOException {
        var store = new SharedStore(topics, blobs, setting, cluster(kafka));
        if (store.marks.first().isEmpty()) store.publish(setting + " of " + kafka.instance());
        store.compare(store.marks.first().orElseThrow());
        store.forgetLosers();
    }

    private static String cluster(KafkaSettings kafka) throws IOException {
        var admin = Admin.create(kafka.admin(NAME));
        try {
            return MeshTopics.answer(admin.describeCluster().clusterId());
        } finally {
            admin.close(CLOSE); // it would wait for answers that do not come
        }
    }

    private void publish(String by) throws IOException {
        var here = blobs.mark();
        var mark = here.isPresent() ? here.get() : blobs.mark(BlobMark.next(cluster));
        claim(mark);
        try {
            config.write(StoreMarks.KEY + mark.store(), KafkaSettings.utf8(by));
        } catch (IOException e) {
            if (!isForbidden(e)) throw e;
            throw new IOException(
                    "This mesh has no blob store yet, and Kafka does not allow this user to WRITE "
                            + Topics.CONFIG.topic() + ", where it is published: start ingress first, it may",
                    e);
        }
        boolean wasFirst =
                marks.first().map(Map.Entry::getKey).orElse(mark.store()).equals(mark.store());
        if (!wasFirst) config.write(StoreMarks.KEY + mark.store(), null);
    }

    private void compare(Map.Entry<String, String> mesh) throws IOException {
        var here = blobs.mark();
        if (here.isEmpty())
            throw new IOException(setting + " is not marked as the blob store of this mesh, which is " + mesh.getValue()
                    + ": is its volume mounted? To go on with this one all the same, write " + mesh.getKey()
                    + " into its " + BlobStore.MARK + "; " + HOW);
        if (!here.get().store().equals(mesh.getKey()))
            throw new IOException(setting + " is another blob store than that of this mesh, which is "
                    + mesh.getValue() + " (" + BlobStore.MARK + " " + mesh.getKey()
                    + "): mount the same folder for every service, or set POSTMESH_BLOB_STORE=s3://bucket/prefix for"
                    + " all; " + HOW);
        claim(here.get());
    }

    /// Each mesh removes what its own records do not name: two on one store would remove each other's bodies.
    private void claim(BlobMark found) throws IOException {
        var mark = found.mesh().isPresent() ? found : blobs.mark(found.of(cluster));
        var owner = mark.mesh().orElse("");
        if (!owner.equals(cluster))
            throw new IOException(setting + " is the blob store of another mesh, of the Kafka with cluster id " + owner
                    + " (here: " + cluster + "); they would remove each other's bodies: set POSTMESH_BLOBS to another"
                    + " folder, or POSTMESH_BLOB_STORE to another prefix. If that Kafka is gone for good, remove the"
                    + " second line of " + BlobStore.MARK + "; " + HOW);
    }

    /// Who lost and died before it took its mark back: compaction could put that mark first one day.
    private void forgetLosers() throws IOException {
        try {
            for (var mark : marks.losers()) config.write(StoreMarks.KEY + mark, null);
        } catch (IOException e) {
            if (!isForbidden(e)) throw e; // ingress does it
        }
    }

    private static boolean isForbidden(IOException e) {
        return e.getCause() instanceof AuthorizationException;
    }
}
