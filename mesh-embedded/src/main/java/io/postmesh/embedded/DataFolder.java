package io.postmesh.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/// A data folder held by this process alone (LEDGER L24). The operating system drops the lock when the process dies, so
/// a crash never leaves a folder locked.
public final class DataFolder implements AutoCloseable {

    /// The message is one sentence for the operator.
    public static final class InUse extends IOException {
        private static final long serialVersionUID = 1L;

        InUse(Path folder, String owner) {
            super("The data folder " + folder + " is in use by another Postmesh process" + owner
                    + "; stop that one, or set POSTMESH_DATA_DIR to another folder.");
        }
    }

    private static final String LOCK = "postmesh.lock";
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path path;
    private final FileChannel channel;

    private DataFolder(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /// Makes the folder when it is not there.
    ///
    /// @throws InUse when another process, or this one, holds it already
    public static DataFolder lock(Path folder) throws IOException {
        var path = make(folder.toAbsolutePath().normalize());
        var channel = FileChannel.open(
                path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        if (tryLock(channel) == null) {
            var owner = owner(channel);
            channel.close();
            throw new InUse(path, owner);
        }
        channel.truncate(0);
        channel.write(
                ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
        return new DataFolder(path, channel);
    }

    /// Mail lies in it: one that we make is its owner's alone, whatever the umask. One that is there is as its maker
    /// wants it.
    public static Path make(Path folder) throws IOException {
        return Files.createDirectories(folder, OWNER_ONLY);
    }

    public Path path() {
        return path;
    }

    /// A folder inside, made when it is not there.
    public Path folder(String name) throws IOException {
        return Files.createDirectories(path.resolve(name));
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            return null;
        }
    }

    private static String owner(FileChannel channel) throws IOException {
        var bytes = ByteBuffer.allocate(20);
        channel.read(bytes, 0);
        var pid = new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII).strip();
        return pid.isEmpty() ? "" : " (pid " + pid + ")";
    }
}
