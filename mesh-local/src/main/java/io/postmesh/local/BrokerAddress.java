package io.postmesh.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// Where a node's own broker is, in a file of its data folder, for a second process such as `./postmesh audit`. It goes
/// when the node stops; after a kill it names a broker that does not answer, until the next start.
final class BrokerAddress implements AutoCloseable {
    private static final String NAME = "kafka.address";

    private final Path file;

    private BrokerAddress(Path file) {
        this.file = file;
    }

    static BrokerAddress publish(Path data, String bootstrap) throws IOException {
        var file = data.resolve(NAME);
        var part = data.resolve(NAME + ".part");
        Files.writeString(part, bootstrap + "\n");
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        return new BrokerAddress(file);
    }

    static boolean isPublished(Path data) {
        return Files.exists(data.resolve(NAME));
    }

    /// @throws IOException with a sentence for the operator when no node works in this folder
    static String read(Path data) throws IOException {
        try {
            return Files.readString(data.resolve(NAME)).strip();
        } catch (NoSuchFileException e) {
            throw new IOException(
                    "no node is at work in " + data
                            + "; start it, or set POSTMESH_DATA_DIR or POSTMESH_KAFKA_BOOTSTRAP",
                    e);
        }
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
    }
}
