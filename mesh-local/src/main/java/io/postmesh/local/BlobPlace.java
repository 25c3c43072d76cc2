package io.postmesh.local;

import io.postmesh.blobs.s3.S3BlobStore;
import io.postmesh.blobs.s3.S3Config;
import io.postmesh.blobs.s3.S3Place;
import io.postmesh.embedded.DiskRoom;
import io.postmesh.runtime.blob.BlobStore;
import io.postmesh.runtime.blob.FolderBlobStore;
import io.postmesh.runtime.life.ServiceRun;
import io.postmesh.runtime.settings.BadSettings;
import io.postmesh.runtime.settings.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Where large bodies lie; every service of a mesh must see the same.
sealed interface BlobPlace {
    record Folder(Path path) implements BlobPlace {}

    record Bucket(S3Config config) implements BlobPlace {}

    /// @param data of the process, or of all services of the host
    static BlobPlace from(Settings s, Path data) {
        var folder = s.parsed("POSTMESH_BLOBS", data.resolve("blobs").toString(), Path::of);
        var bucket = s.parsed("POSTMESH_BLOB_STORE", "folder", BlobPlace::bucket);
        var endpoint = s.optional("POSTMESH_S3_ENDPOINT", S3Place::endpoint);
        var region = s.text("POSTMESH_S3_REGION", "us-east-1");
        boolean pathStyle = s.flag("POSTMESH_S3_PATH_STYLE", false);
        var keys = keys(s);
        return bucket.<BlobPlace>map(place -> new Bucket(new S3Config(place, endpoint, region, pathStyle, keys)))
                .orElseGet(() -> new Folder(folder));
    }

    private static Optional<S3Place> bucket(String text) {
        if (text.equals("folder")) return Optional.empty();
        if (S3Place.isOne(text)) return Optional.of(S3Place.parse(text));
        throw new IllegalArgumentException("write folder, or s3://bucket/prefix");
    }

    private static Optional<S3Config.Keys> keys(Settings s) {
        var access = s.optionalText("POSTMESH_S3_ACCESS_KEY");
        var secret = s.secret("POSTMESH_S3_SECRET_KEY");
        s.together("POSTMESH_S3_ACCESS_KEY", "POSTMESH_S3_SECRET_KEY");
        return access.flatMap(id -> secret.map(key -> new S3Config.Keys(id, key)));
    }

    /// The setting that names it, and what it says.
    default String setting() {
        return switch (this) {
            case Folder(var path) -> "POSTMESH_BLOBS: " + path;
            case Bucket(var config) -> "POSTMESH_BLOB_STORE: " + config.place();
        };
    }

    /// Looked at before anything starts, so that a folder nobody may write to is a line and not a half-started process.
    ///
    /// @throws BadSettings when it can be nobody's blob folder
    default void check() throws IOException, BadSettings {
        if (!(this instanceof Folder(var path))) return;
        try {
            FolderBlobStore.open(path);
        } catch (IOException e) {
            // No setting is wrong then: the next start, with some room, goes on.
            if (DiskRoom.isUsedUp(path)) throw new IOException("there is no room: " + DiskRoom.of(path), e);
            throw new BadSettings(List.of("POSTMESH_BLOBS: the folder " + path + " cannot be used ("
                    + e.getClass().getSimpleName() + ": " + e.getMessage()
                    + "); name one this process's user may write to"));
        }
    }

    /// @throws IOException with a sentence for the operator
    default BlobStore open(ServiceRun run) throws IOException {
        return switch (this) {
            case Folder(var path) -> FolderBlobStore.open(path);
            case Bucket(var config) -> run.open(S3BlobStore.open(config));
        };
    }
}
