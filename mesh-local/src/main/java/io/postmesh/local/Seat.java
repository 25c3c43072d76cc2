package io.postmesh.local;

import io.postmesh.embedded.DataFolder;
import io.postmesh.runtime.kafka.KafkaSettings;
import java.io.IOException;
import java.nio.file.Path;

/// The name a service goes by, and the folder that is its own.
///
/// Services of one host share a data folder. In it each process holds the lowest numbered folder of its kind that is
/// free, as `policy-1`: by its lock no two processes hold the same, and one that starts again after a kill finds its
/// own free. So its transactional id is its predecessor's, whose open transaction it ends at once (LEDGER L24).
///
/// @param instance stable, and different for each process of a kind
record Seat(String instance, DataFolder own) implements AutoCloseable {
    private static final int SEATS = 1_000;

    /// The lowest free number on this host.
    static Seat take(Path shared, ServiceKind kind, String host) throws IOException {
        for (int number = 1; number <= SEATS; number++) {
            try {
                return new Seat(host + "-" + number, DataFolder.lock(shared.resolve(kind + "-" + number)));
            } catch (DataFolder.InUse taken) {
                continue;
            }
        }
        throw new IOException("all " + SEATS + " places of " + kind + " in " + shared + " are taken");
    }

    /// The name the operator gave.
    ///
    /// @throws IOException when another process of this kind holds it
    static Seat named(Path shared, ServiceKind kind, String instance) throws IOException {
        try {
            return new Seat(instance, DataFolder.lock(shared.resolve(kind + "-" + instance)));
        } catch (DataFolder.InUse taken) {
            throw new IOException(
                    KafkaSettings.INSTANCE + ": another " + kind + " of this host is '" + instance
                            + "' already; give each its own name, or leave it unset to have them numbered",
                    taken);
        }
    }

    @Override
    public void close() throws IOException {
        own.close();
    }
}
