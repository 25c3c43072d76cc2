package io.postmesh.delivery.waiting;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.ArrayList;
import java.util.List;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/// What all indexes of a process share: native memory, beside the heap and bounded, however many partitions there are.
final class DiskMemory implements AutoCloseable {
    private static final long CACHE = 48L << 20; // blocks read, and what is written but not on the disk yet
    private static final long UNWRITTEN = 32L << 20; // of the cache
    private static final long FAMILY = 4L << 20;
    private static final long LOG = 32L << 20;
    private static final int OPEN_FILES = 64;
    private static final List<byte[]> NAMES = List.of(
            RocksDB.DEFAULT_COLUMN_FAMILY,
            "states".getBytes(US_ASCII),
            "turns".getBytes(US_ASCII),
            "recipients".getBytes(US_ASCII));

    private final LRUCache cache;
    private final WriteBufferManager unwritten;
    private final BloomFilter filter;

    /// @throws LinkageError where RocksDB has no library for this machine, or it cannot be unpacked
    DiskMemory() {
        RocksDB.loadLibrary();
        cache = new LRUCache(CACHE);
        unwritten = new WriteBufferManager(UNWRITTEN, cache);
        filter = new BloomFilter(10); // nearly every recipient that arrives is not there: no need to look
    }

    DBOptions database() {
        return new DBOptions()
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                .setAtomicFlush(true) // else a mark could be on the disk, and the states below it in a lost log only
                .setWriteBufferManager(unwritten)
                .setMaxTotalWalSize(LOG)
                .setMaxOpenFiles(OPEN_FILES)
                .setKeepLogFileNum(1)
                .setMaxLogFileSize(1 << 20)
                .setInfoLogLevel(InfoLogLevel.ERROR_LEVEL);
    }

    /// @param open to be closed with the database, in reverse
    List<ColumnFamilyDescriptor> families(List<AutoCloseable> open) {
        var families = new ArrayList<ColumnFamilyDescriptor>();
        for (var name : NAMES) {
            var options = new ColumnFamilyOptions()
                    .setWriteBufferSize(FAMILY)
                    .setCompressionType(CompressionType.LZ4_COMPRESSION)
                    .setTableFormatConfig(new BlockBasedTableConfig()
                            .setBlockCache(cache)
                            .setCacheIndexAndFilterBlocks(true) // so that they count
                            .setFilterPolicy(filter));
            open.add(options);
            families.add(new ColumnFamilyDescriptor(name, options));
        }
        return families;
    }

    boolean isClosed() {
        return !cache.isOwningHandle() && !unwritten.isOwningHandle() && !filter.isOwningHandle();
    }

    /// An index that is open still has its own share of all this.
    @Override
    public void close() {
        filter.close();
        unwritten.close();
        cache.close();
    }
}
