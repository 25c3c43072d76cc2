package io.postmesh.runtime.blob;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
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
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// The file that says which blob store a folder is.
///
/// @param file     its place
/// @param incoming where it is written first, on the same file system
record FolderMark(Path file, Path incoming) {
    /// Nobody takes so long over one line: who began it has died.
    private static final Duration WRITTEN_WITHIN = Duration.ofMinutes(1);

    /// One that was cut short, by a crash where a file system knows no links, is none.
    Optional<BlobMark> read() throws IOException {
        var text = text(file);
        if (text.isEmpty()) return Optional.empty();
        var mark = BlobMark.parse(text.get());
        if (mark.isPresent() || isCutShort(text.get())) return mark;
        throw new IOException(file + " is no mark of a blob store, or is just being written: start again in a minute;"
                + " if it says the same, restore it");
    }

    private boolean isCutShort(String text) throws IOException {
        var said = text.trim(); // a crash may leave zeros where nothing was written
        return said.length() < BlobKeys.LENGTH
                && BlobKeys.isHex(said)
                && Files.getLastModifiedTime(file)
                        .toInstant()
                        .isBefore(Instant.now().minus(WRITTEN_WITHIN));
    }

    /// Whole and durable or not there, and what it says of the store is never changed.
    void make(BlobMark mark) throws IOException {
        if (read().isEmpty()) first(mark);
        var made = read();
        if (made.isPresent() && made.get().mesh().isEmpty() && mark.mesh().isPresent())
            complete(made.get().of(mark.mesh().get()));
    }

    /// Of several who complete a mark at once, the one that links its claim first says whose it is, and the others say
    /// so for it: also for one that died with its claim.
    private void complete(BlobMark mark) throws IOException {
        if (!linked(claim(), mark)) {
            replace(mark);
            return;
        }
        var owner = text(claim()).flatMap(BlobMark::parse).flatMap(BlobMark::mesh);
        var now = read(); // who has gone ahead has said it before its claim went
        if (owner.isPresent() && now.isPresent() && now.get().mesh().isEmpty())
            replace(now.get().of(owner.get()));
        Files.deleteIfExists(claim());
    }

    private Path claim() {
        return file.resolveSibling(file.getFileName() + "-claim");
    }

    private static Optional<String> text(Path file) throws IOException {
        try {
            return Optional.of(Files.readString(file, US_ASCII));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private void first(BlobMark mark) throws IOException {
        if (Files.exists(file)) replace(mark);
        else if (!linked(file, mark)) alone(mark);
    }

    private void replace(BlobMark mark) throws IOException {
        var part = part();
        try {
            write(part, mark);
            Files.move(part, file, ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /// A name for a file that is whole and on the disk; which only one can give.
    ///
    /// @return whether there is one now, be it another process's that was quicker; false: no links are known here
    private boolean linked(Path name, BlobMark mark) throws IOException {
        var part = part();
        try {
            write(part, mark);
            Files.createLink(name, part);
            return true;
        } catch (FileAlreadyExistsException e) {
            return true;
        } catch (FileSystemException | UnsupportedOperationException e) {
            return false;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /// A name nobody else has.
    private Path part() {
        return incoming.resolve(BlobKeys.next());
    }

    /// Where a file system knows no links: two that come at once may see it half written, and say so. Half of a second
    /// line would be somebody else's name, so that comes later and whole.
    private void alone(BlobMark mark) throws IOException {
        try {
            write(file, new BlobMark(mark.store(), Optional.empty()));
        } catch (FileAlreadyExistsException e) {
            return; // another process was quicker
        }
    }

    private static void write(Path file, BlobMark mark) throws IOException {
        try (var channel = FileChannel.open(file, CREATE_NEW, WRITE)) {
            channel.write(ByteBuffer.wrap(mark.text().getBytes(US_ASCII)));
            channel.force(true);
        }
    }
}
