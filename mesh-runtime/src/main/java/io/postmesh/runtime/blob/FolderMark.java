package io.postmesh.runtime.blob;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// The file that says which blob store a folder is.
final class FolderMark {
    private FolderMark() {}

    static Optional<String> read(Path folder) throws IOException {
        var file = folder.resolve(BlobStore.MARK);
        try {
            var mark = Files.readString(file, US_ASCII).strip();
            if (BlobKeys.isOne(mark)) return Optional.of(mark);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        throw new IOException(
                file + " is no mark of a blob store: it was cut short, or is just being written; restore it,"
                        + " or start again");
    }

    /// Whole and durable or not there, and never written a second time: it is linked to a file that is on the disk.
    ///
    /// @param part a name nobody else has, on the same file system
    static void make(Path folder, Path part, String mark) throws IOException {
        try {
            write(part, mark);
            link(folder.resolve(BlobStore.MARK), part, mark);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static void link(Path file, Path part, String mark) throws IOException {
        try {
            Files.createLink(file, part);
        } catch (FileAlreadyExistsException e) {
            return; // another process was quicker
        } catch (FileSystemException | UnsupportedOperationException e) {
            alone(file, mark);
        }
    }

    /// Where a file system knows no links: two that come at once may see it half written, and say so.
    private static void alone(Path file, String mark) throws IOException {
        try {
            write(file, mark);
        } catch (FileAlreadyExistsException e) {
            return; // another process was quicker
        }
    }

    private static void write(Path file, String mark) throws IOException {
        try (var channel = FileChannel.open(file, CREATE_NEW, WRITE)) {
            channel.write(ByteBuffer.wrap((mark + "\n").getBytes(US_ASCII)));
            channel.force(true);
        }
    }
}
