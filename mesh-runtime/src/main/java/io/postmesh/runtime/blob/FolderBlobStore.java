package io.postmesh.runtime.blob;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.postmesh.runtime.life.OwnFolder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// Blobs in a folder, for one node or a shared file system.
///
/// A blob is written under `incoming/`, fsynced, moved to `ab/cd/<key>`, and the folder fsynced: at any moment of a
/// power cut it is either there whole or not there.
public final class FolderBlobStore implements BlobStore {
    private static final String INCOMING = "incoming";
    private final Path folder;
    /// Folders this process has itself seen on disk; that one exists is no proof, its maker may not have synced it yet.
    private final Set<Path> durable = ConcurrentHashMap.newKeySet();
    private final FolderMark mark;
    private final FirstMark first = new FirstMark();
    private final BlobReads reads;

    private FolderBlobStore(Path folder, BlobReads reads) {
        this.folder = folder;
        this.mark = new FolderMark(folder.resolve(MARK), incoming());
        this.reads = reads;
    }

    /// @throws IOException when the folder cannot be used
    public static FolderBlobStore open(Path folder) throws IOException {
        return open(folder, BlobReads.SHARED);
    }

    static FolderBlobStore open(Path folder, BlobReads reads) throws IOException {
        var store = new FolderBlobStore(folder.toAbsolutePath(), reads);
        OwnFolder.make(store.folder);
        store.removeAbandoned(Instant.now().minus(ABANDONED));
        return store;
    }

    @Override
    public Optional<Path> folder() {
        return Optional.of(folder);
    }

    @Override
    public Optional<BlobMark> mark() throws IOException {
        return first.saw(mark.read());
    }

    @Override
    public BlobMark mark(BlobMark wanted) throws IOException {
        Files.createDirectories(incoming());
        mark.make(wanted);
        sync(folder);
        syncParent();
        return mark().orElseThrow(() -> new IOException(folder + " does not keep its mark"));
    }

    @Override
    public void confirm() throws IOException {
        first.confirm(folder, mark::read);
    }

    /// The folder may be new itself. One that we may not look into was not changed by us.
    private void syncParent() throws IOException {
        try {
            if (folder.getParent() != null) sync(folder.getParent());
        } catch (AccessDeniedException e) {
            return;
        }
    }

    @Override
    public Writer create() throws IOException {
        confirm();
        var key = BlobKeys.next();
        var part = incoming().resolve(key);
        return new FolderBlob(this, key, part, begin(part));
    }

    private FileChannel begin(Path part) throws IOException {
        try {
            return FileChannel.open(part, CREATE_NEW, WRITE);
        } catch (NoSuchFileException e) { // the first of all
            Files.createDirectories(incoming());
            return FileChannel.open(part, CREATE_NEW, WRITE);
        }
    }

    @Override
    public InputStream open(String key) throws IOException {
        var path = path(key).orElseThrow(() -> new MissingBlob(key));
        try {
            return reads.open(key, () -> Files.newInputStream(path));
        } catch (NoSuchFileException e) {
            throw new MissingBlob(key);
        }
    }

    @Override
    public void delete(String key) throws IOException {
        var path = path(key);
        if (path.isPresent()) Files.deleteIfExists(path.get());
    }

    /// Folder by folder, by names alone: a walk over everything would trip over files that vanish from `incoming`.
    @Override
    public Stream<Stored> list() throws IOException {
        return names(folder)
                .filter(FolderBlobStore::isShelf)
                .flatMap(FolderBlobStore::names)
                .filter(FolderBlobStore::isShelf)
                .flatMap(FolderBlobStore::names)
                .filter(path ->
                        path(path.getFileName().toString()).filter(path::equals).isPresent())
                .flatMap(path -> stored(path).stream());
    }

    private static Stream<Path> names(Path folder) {
        try {
            return Files.list(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isShelf(Path path) {
        var name = path.getFileName().toString();
        return name.length() == 2 && BlobKeys.isHex(name);
    }

    /// The move makes the name durable only when the folders on the way to it are.
    void keep(String key, Path part) throws IOException {
        var first = folder.resolve(key.substring(0, 2));
        var second = first.resolve(key.substring(2, 4));
        Files.createDirectories(second);
        Files.move(part, second.resolve(key), ATOMIC_MOVE);
        sync(second);
        if (durable.contains(second)) return;
        sync(first);
        sync(folder);
        durable.add(second);
    }

    private static void sync(Path folder) throws IOException {
        try (var channel = FileChannel.open(folder, READ)) {
            channel.force(true);
        }
    }

    private Optional<Path> path(String key) {
        if (!BlobKeys.isOne(key)) return Optional.empty();
        return Optional.of(
                folder.resolve(key.substring(0, 2)).resolve(key.substring(2, 4)).resolve(key));
    }

    /// Empty when the sweeper was quicker.
    private static Optional<Stored> stored(Path path) {
        try {
            var since = Files.getLastModifiedTime(path).toInstant();
            return Optional.of(new Stored(path.getFileName().toString(), Files.size(path), since));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void removeAbandoned(Instant before) throws IOException {
        if (Files.notExists(incoming())) return;
        try (var parts = Files.list(incoming())) {
            for (var part : parts.toList()) {
                if (Files.getLastModifiedTime(part).toInstant().isBefore(before)) Files.deleteIfExists(part);
            }
        }
    }

    private Path incoming() {
        return folder.resolve(INCOMING);
    }
}
