package io.postmesh.local;

import io.postmesh.embedded.DataFolder;
import io.postmesh.embedded.DiskRoom;
import io.postmesh.runtime.settings.BadSettings;
import io.postmesh.runtime.settings.Settings;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;

/// The folder a process keeps everything in: locked against other processes, and marked with what it is for. Mail that
/// waits in a folder of `run` must not end in the sink of `dev`, and no test mail of `dev` may ever go out for real.
final class DataHome {
    static final String NAME = "POSTMESH_DATA_DIR";

    /// What a data folder is for.
    enum Purpose {
        DEV,
        RUN,
        SERVICE,
        BROKER;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final String MARK = "purpose";

    private DataHome() {}

    /// @throws BadSettings when it can be nobody's data folder
    /// @throws IOException when it is another process', or was made for the other purpose
    static DataFolder open(Settings settings, Purpose purpose) throws IOException, BadSettings {
        var path = Path.of(settings.text(NAME, standard(purpose).toString()));
        var folder = lock(path);
        try {
            claim(folder.path(), purpose);
            return folder;
        } catch (IOException e) {
            folder.close();
            throw e;
        }
    }

    /// The folder all services of a host share: keys and large bodies lie in it. No process locks it; what is one
    /// process's own lies in its [Seat].
    ///
    /// @throws BadSettings when it can be nobody's data folder
    /// @throws IOException when it was made for another purpose
    static Path shared(Settings settings) throws IOException, BadSettings {
        var path = Path.of(settings.text(NAME, standard(Purpose.SERVICE).toString()))
                .toAbsolutePath()
                .normalize();
        try {
            DataFolder.make(path);
            if (!Files.isWritable(path)) throw new AccessDeniedException(path.toString());
        } catch (IOException e) {
            throw unusable(path, e);
        }
        claim(path, Purpose.SERVICE);
        return path;
    }

    /// The folder a second process means: the one that is set, or of the two standard ones the one with a node at work.
    static Path ofNode(Settings settings) {
        var run = standard(Purpose.RUN);
        var dev = standard(Purpose.DEV);
        boolean onlyDev = !BrokerAddress.isPublished(run) && BrokerAddress.isPublished(dev);
        return Path.of(settings.text(NAME, (onlyDev ? dev : run).toString()));
    }

    private static DataFolder lock(Path path) throws IOException, BadSettings {
        try {
            return DataFolder.lock(path);
        } catch (DataFolder.InUse e) {
            throw e;
        } catch (IOException e) {
            // No setting is wrong then: the next start, with some room, goes on.
            if (DiskRoom.isUsedUp(path)) throw new IOException("there is no room: " + DiskRoom.of(path), e);
            throw unusable(path, e);
        }
    }

    private static BadSettings unusable(Path path, IOException e) {
        return new BadSettings(List.of(NAME + ": the folder " + path + " cannot be used ("
                + e.getClass().getSimpleName() + ": " + e.getMessage()
                + "); name one this process's user may write to"));
    }

    private static Path standard(Purpose purpose) {
        return Path.of(System.getProperty("postmesh.home", ".postmesh"), purpose.word());
    }

    private static void claim(Path folder, Purpose purpose) throws IOException {
        var mark = folder.resolve(MARK);
        if (!Files.exists(mark)) mark(folder, mark, purpose);
        var found = Files.readString(mark).strip();
        if (found.equals(purpose.word())) return;
        throw new IOException(NAME + ": " + folder + " was made by './postmesh " + found
                + "' and its mail must stay there; name another folder for './postmesh " + purpose.word() + "'.");
    }

    // Whole or not at all: another service of this host may be reading it.
    private static void mark(Path folder, Path mark, Purpose purpose) throws IOException {
        var half = Files.createTempFile(folder, "." + MARK, "");
        Files.writeString(half, purpose.word() + "\n");
        Files.move(half, mark, StandardCopyOption.ATOMIC_MOVE);
    }
}
