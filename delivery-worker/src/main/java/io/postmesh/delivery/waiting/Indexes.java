package io.postmesh.delivery.waiting;

import io.postmesh.runtime.life.OwnFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where a worker's indexes lie: in its folder; where that cannot be used, in a temporary one; where no disk can be
/// used, or RocksDB has no library for this machine, on the heap. Whatever happens here costs the cache, never mail.
///
/// Each index has a folder `partition-number`. Those not in use are an earlier tenure's: the newest usable mark
/// wins, and the others are deleted.
public final class Indexes implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Indexes.class);
    private static final String TEMPORARY = "postmesh-waiting-";
    private static final String LOCK = "lock";

    /// An index to go on with.
    ///
    /// @param mark empty: it is new, and nothing is in it
    public record Found(Index index, Optional<Mark> mark) {}

    /// What makes a mark usable now.
    ///
    /// @param topicId   of `mail.waiting`
    /// @param retention its `delete.retention.ms`
    public record Rule(String topicId, Duration retention, Instant now) {}

    private static final Duration BAD = Duration.ofMinutes(10);

    private static final class Place {
        private final Path folder;
        private final boolean temporary;
        private final @Nullable FileChannel lock;
        private long badUntil = System.nanoTime();

        private Place(Path folder, boolean temporary, @Nullable FileChannel lock) {
            this.folder = folder;
            this.temporary = temporary;
            this.lock = lock;
        }

        private boolean isGood() {
            return System.nanoTime() - badUntil >= 0;
        }
    }

    private final List<Place> places = new ArrayList<>(); // the best first
    private final Set<Path> inUse = new HashSet<>();
    private final @Nullable DiskMemory memory;

    private Indexes(@Nullable DiskMemory memory) {
        this.memory = memory;
    }

    /// @param folder of this worker alone
    public static Indexes open(Path folder) {
        return open(folder, memory());
    }

    /// @param memory closed with them; null: RocksDB cannot be used
    static Indexes open(Path folder, @Nullable DiskMemory memory) {
        var indexes = new Indexes(memory);
        indexes.useFolder(folder);
        indexes.useTemporary();
        return indexes;
    }

    private static @Nullable DiskMemory memory() {
        try {
            return new DiskMemory();
        } catch (LinkageError | RuntimeException e) { // RocksDB wraps what keeps it from unpacking its library
            log.error("RocksDB cannot be used, so waiting mail is indexed on the heap: {}", e.toString());
            return null;
        }
    }

    private void useFolder(Path folder) {
        try {
            OwnFolder.make(folder);
            var lock = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (isLocked(lock)) {
                places.add(new Place(folder, false, lock));
            } else {
                lock.close();
                log.warn("{} is another process's: waiting mail is indexed in a temporary folder", folder);
            }
        } catch (IOException e) {
            log.warn("{} cannot be used: waiting mail is indexed in a temporary folder: {}", folder, e.toString());
        }
    }

    private static boolean isLocked(FileChannel lock) throws IOException {
        try {
            return lock.tryLock() != null;
        } catch (OverlappingFileLockException ours) {
            return false;
        }
    }

    private void useTemporary() {
        try {
            var all = Path.of(System.getProperty("java.io.tmpdir"));
            sweepTemporary(all);
            places.add(new Place(
                    Files.createTempDirectory(
                            all, TEMPORARY + ProcessHandle.current().pid() + "-"),
                    true,
                    null));
        } catch (IOException | DirectoryIteratorException e) {
            log.warn("there is no temporary folder either: {}", e.toString());
        }
    }

    // What a killed process left behind.
    private static void sweepTemporary(Path all) throws IOException {
        try (var folders = Files.newDirectoryStream(all, TEMPORARY + "*")) {
            for (var folder : folders) {
                var pid = folder.getFileName()
                        .toString()
                        .substring(TEMPORARY.length())
                        .replaceFirst("-.*", "");
                if (pid.matches("[0-9]{1,18}")
                        && ProcessHandle.of(Long.parseLong(pid)).isEmpty()) delete(folder);
            }
        }
    }

    /// The newest checkpoint that may be used, or a new index. Never fails.
    public synchronized Found find(int partition, Rule rule) {
        return checkpoint(partition, rule).orElseGet(() -> empty(partition));
    }

    private Optional<Found> checkpoint(int partition, Rule rule) {
        if (places.isEmpty() || memory == null) return Optional.empty();
        var found = new ArrayList<Found>();
        for (var folder : idle(places.getFirst().folder, partition)) {
            try {
                var index = make(folder);
                var mark = index.mark().filter(some -> some.isUsable(rule.topicId(), rule.retention(), rule.now()));
                if (mark.isPresent()) found.add(new Found(index, mark));
                else discard(index);
            } catch (IndexFailed e) {
                log.warn("partition {}: an old index is of no use: {}", partition, e.getMessage());
                delete(folder);
            }
        }
        found.sort(Comparator.comparing((Found one) -> one.mark().orElseThrow().at())
                .reversed());
        found.stream().skip(1).forEach(older -> discard(older.index()));
        return found.stream().findFirst();
    }

    /// A new one in the place of one that is of no use.
    public synchronized Found instead(int partition, Found old) {
        discard(old.index());
        return empty(partition);
    }

    /// A new index in the best place that works.
    public synchronized Found empty(int partition) {
        return new Found(fresh(partition), Optional.empty());
    }

    private Index fresh(int partition) {
        for (var place : places) {
            if (memory == null) break;
            if (!place.isGood()) continue;
            try {
                idle(place.folder, partition).forEach(Indexes::delete);
                return make(free(place.folder, partition));
            } catch (IndexFailed e) {
                log.error("partition {}: no index can be made in {}: {}", partition, place.folder, e.getMessage());
                place.badUntil = System.nanoTime() + BAD.toNanos();
            }
        }
        log.error("partition {}: waiting mail is indexed on the heap, some 700 octets a record", partition);
        return new HeapIndex();
    }

    private Index make(Path folder) {
        if (memory == null) throw new IndexFailed("RocksDB cannot be used");
        try {
            OwnFolder.make(folder);
        } catch (IOException e) {
            throw new IndexFailed("no folder", e);
        }
        var index = DiskIndex.open(folder, memory);
        inUse.add(folder);
        return index;
    }

    private static Path free(Path folder, int partition) {
        for (int number = 0; ; number++) {
            var one = folder.resolve(partition + "-" + number);
            if (!Files.exists(one)) return one;
        }
    }

    private List<Path> idle(Path folder, int partition) {
        try (Stream<Path> all = Files.list(folder)) {
            var name = partition + "-[0-9]+";
            return all.filter(one -> one.getFileName().toString().matches(name) && !inUse.contains(one))
                    .toList();
        } catch (IOException | UncheckedIOException e) { // the second one while it lists them
            return List.of();
        }
    }

    /// It is kept for whoever takes the partition over next, if it has a mark.
    public synchronized void close(Index index) {
        index.close();
        if (index instanceof DiskIndex disk) inUse.remove(disk.folder());
    }

    /// Its place is not tried again soon.
    public synchronized void failed(Index index) {
        if (index instanceof DiskIndex disk) {
            for (var place : places) {
                if (disk.folder().startsWith(place.folder)) place.badUntil = System.nanoTime() + BAD.toNanos();
            }
        }
        discard(index);
    }

    /// Nobody needs it.
    public synchronized void discard(Index index) {
        close(index);
        if (index instanceof DiskIndex disk) delete(disk.folder());
    }

    /// All indexes must be closed by now, or fail from here on.
    @Override
    public synchronized void close() {
        for (var place : places) {
            if (place.temporary) delete(place.folder);
            if (place.lock != null) unlock(place.lock);
        }
        places.clear();
        if (memory != null) memory.close();
    }

    private static void unlock(FileChannel lock) {
        try {
            lock.close();
        } catch (IOException e) {
            log.debug("unlocking: {}", e.toString());
        }
    }

    private static void delete(Path folder) {
        try (var all = Files.walk(folder)) {
            for (var one : all.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(one);
        } catch (IOException | UncheckedIOException e) {
            log.warn("{} cannot be deleted: {}", folder, e.toString());
        }
    }
}
