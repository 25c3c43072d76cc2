package io.postmesh.signer.keys;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/// A file that appears whole or not at all, and never in place of another.
final class NewFile {
    private static final String OWNER_ONLY = "rw-------";
    private static final String ALL_READ = "rw-r--r--";

    private NewFile() {}

    /// False when a file of that name is there; it stays as it is.
    static boolean secret(Path file, byte[] content) throws IOException {
        return write(file, content, OWNER_ONLY);
    }

    static boolean open(Path file, byte[] content) throws IOException {
        return write(file, content, ALL_READ);
    }

    private static boolean write(Path file, byte[] content, String mode) throws IOException {
        if (Files.exists(file)) return false;
        var half = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID());
        try {
            durably(half, content, mode);
            return place(half, file);
        } finally {
            Files.deleteIfExists(half);
        }
    }

    // The mode is set when the file is made: the key is never readable by others, not even for a moment.
    private static void durably(Path half, byte[] content, String mode) throws IOException {
        try (var out = FileChannel.open(half, Set.of(CREATE_NEW, WRITE), attributes(half, mode))) {
            var bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) out.write(bytes);
            out.force(true);
        }
    }

    // A rename would replace another process's key; a link refuses. Some file systems have no links.
    private static boolean place(Path half, Path file) throws IOException {
        try {
            Files.createLink(file, half);
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (UnsupportedOperationException | FileSystemException e) {
            Files.move(half, file);
        }
        return true;
    }

    private static FileAttribute<?>[] attributes(Path file, String mode) {
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        if (!posix) return new FileAttribute<?>[0];
        return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))};
    }
}
