package io.postmesh.delivery.waiting;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postmesh.contract.BadRecord;
import io.postmesh.contract.LedgerCodec;
import io.postmesh.contract.RecordId;
import io.postmesh.contract.Waiting;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/// An index on the local disk, in RocksDB (LEDGER L20).
///
/// Each change is one batch in RocksDB's own log, which is not synced: after a kill, or a power cut, the index is as it
/// was after some change, and its [Mark] was written in between. What is read again from the mark on changes nothing.
/// Closed, it fails: a native handle must never be used again.
final class DiskIndex implements Index {
    private static final byte[] COUNT = {'n'};
    private static final byte[] MARK = {'m'};
    private static final byte UNREADABLE = 'u'; // and the record's name
    private static final long HELD = -1; // no turn
    private static final int TURN = Long.BYTES;

    private record Seat(long due, Waiting state) {}

    private final List<AutoCloseable> open = new ArrayList<>(); // closed in reverse
    private final Path folder;
    private final RocksDB db;
    private final WriteOptions unsynced = new WriteOptions();
    private final ColumnFamilyHandle notes;
    private final ColumnFamilyHandle states; // record -> turn and state
    private final ColumnFamilyHandle turns; // turn and record -> nothing
    private final ColumnFamilyHandle recipients; // identity -> record
    private int count;
    private boolean closed;

    private DiskIndex(Path folder, DiskMemory memory) throws RocksDBException {
        this.folder = folder;
        open.add(unsynced);
        try {
            var options = memory.database();
            open.add(options);
            var families = new ArrayList<ColumnFamilyHandle>();
            this.db = RocksDB.open(options, folder.toString(), memory.families(open), families);
            families.forEach(open::add);
            open.add(db);
            this.notes = families.get(0);
            this.states = families.get(1);
            this.turns = families.get(2);
            this.recipients = families.get(3);
            var counted = db.get(notes, COUNT);
            this.count = counted == null ? 0 : ByteBuffer.wrap(counted).getInt();
        } catch (RocksDBException e) {
            close();
            throw e;
        }
    }

    /// @throws IndexFailed when there is no usable index and none can be made
    static DiskIndex open(Path folder, DiskMemory memory) {
        try {
            return new DiskIndex(folder, memory);
        } catch (RocksDBException e) {
            throw new IndexFailed("the index in " + folder + " cannot be opened", e);
        }
    }

    Path folder() {
        return folder;
    }

    @Override
    public synchronized int size() {
        return count;
    }

    @Override
    public synchronized Optional<Waiting> get(RecordId record) {
        return guarded(() -> seat(record).map(Seat::state));
    }

    @Override
    public synchronized Optional<RecordId> recordOf(Identity who) {
        return guarded(() -> Optional.ofNullable(db.get(recipients, key(who))).map(DiskIndex::record));
    }

    @Override
    public synchronized boolean isUnreadable(RecordId record) {
        return guarded(() -> db.get(notes, unreadableKey(record)) != null);
    }

    @Override
    public synchronized Set<RecordId> unreadable() {
        return guarded(() -> {
            var found = new HashSet<RecordId>();
            try (var all = db.newIterator(notes)) {
                for (all.seek(new byte[] {UNREADABLE}); all.isValid() && all.key()[0] == UNREADABLE; all.next()) {
                    var key = all.key();
                    found.add(record(Arrays.copyOfRange(key, 1, key.length)));
                }
                all.status();
            }
            return found;
        });
    }

    @Override
    public synchronized List<Turn> apply(Map<RecordId, Change> changes) {
        return guarded(() -> {
            var over = new ArrayList<Turn>();
            int after = count;
            try (var batch = new WriteBatch()) {
                for (var change : changes.entrySet()) after += add(batch, change.getKey(), change.getValue(), over);
                if (after != count) batch.put(notes, COUNT, number(after));
                db.write(unsynced, batch);
            }
            count = after;
            return over;
        });
    }

    // How many more there are with it.
    private int add(WriteBatch batch, RecordId record, Change change, List<Turn> over) throws RocksDBException {
        var before = seat(record);
        if (before.isPresent()) leave(batch, record, before.get(), over);
        int less = before.isPresent() ? 1 : 0;
        batch.delete(notes, unreadableKey(record));
        return switch (change) {
            case Change.Waits(var state) -> {
                enter(batch, state);
                yield 1 - less;
            }
            case Change.Left _ -> -less;
            case Change.Unreadable _ -> {
                batch.put(notes, unreadableKey(record), new byte[0]);
                yield -less;
            }
        };
    }

    private void enter(WriteBatch batch, Waiting state) throws RocksDBException {
        var name = name(state.record());
        long due = state.due().map(Turn::millis).orElse(HELD);
        batch.put(states, name, value(due, LedgerCodec.encode(state)));
        if (due != HELD) batch.put(turns, turnKey(due, name), new byte[0]);
        for (var who : Identity.of(state)) batch.put(recipients, key(who), name);
    }

    private void leave(WriteBatch batch, RecordId record, Seat seat, List<Turn> over) throws RocksDBException {
        var name = name(record);
        batch.delete(states, name);
        if (seat.due() != HELD) {
            batch.delete(turns, turnKey(seat.due(), name));
            over.add(new Turn(seat.due(), record));
        }
        for (var who : Identity.of(seat.state())) {
            var key = key(who);
            if (Arrays.equals(db.get(recipients, key), name)) batch.delete(recipients, key);
        }
    }

    @Override
    public synchronized Optional<Turn> move(RecordId record, Instant due) {
        return guarded(() -> {
            var name = name(record);
            var value = db.get(states, name);
            if (value == null) return Optional.empty();
            long old = ByteBuffer.wrap(value).getLong();
            long now = Turn.millis(due);
            try (var batch = new WriteBatch()) {
                if (old != HELD) batch.delete(turns, turnKey(old, name));
                batch.put(turns, turnKey(now, name), new byte[0]);
                ByteBuffer.wrap(value).putLong(now);
                batch.put(states, name, value);
                db.write(unsynced, batch);
            }
            return Optional.of(new Turn(old == HELD ? now : old, record));
        });
    }

    @Override
    public synchronized List<Turn> turns(Optional<Turn> last, int most) {
        return guarded(() -> {
            var found = new ArrayList<Turn>();
            try (var all = db.newIterator(turns)) {
                from(all, last.map(turn -> turnKey(turn.due(), name(turn.record()))));
                for (; all.isValid() && found.size() < most; all.next()) found.add(turn(all.key()));
                all.status();
            }
            return found;
        });
    }

    @Override
    public synchronized List<Waiting> after(Optional<RecordId> last, int most) {
        return guarded(() -> {
            var found = new ArrayList<Waiting>();
            try (var all = db.newIterator(states)) {
                from(all, last.map(DiskIndex::name));
                for (; all.isValid() && found.size() < most; all.next())
                    found.add(seat(all.value()).state());
                all.status();
            }
            return found;
        });
    }

    @Override
    public synchronized Set<RecordId> recordsOf(Predicate<Identity> some) {
        return guarded(() -> {
            var found = new HashSet<RecordId>();
            try (var all = db.newIterator(recipients)) {
                for (all.seekToFirst(); all.isValid(); all.next())
                    if (some.test(identity(all.key()))) found.add(record(all.value()));
                all.status();
            }
            return found;
        });
    }

    @Override
    public synchronized Optional<Mark> mark() {
        return guarded(() -> Optional.ofNullable(db.get(notes, MARK)).flatMap(Mark::parse));
    }

    @Override
    public synchronized void mark(Mark mark) {
        guarded(() -> {
            db.put(notes, unsynced, MARK, mark.bytes());
            return mark;
        });
    }

    @Override
    public synchronized void close() {
        closed = true;
        for (int i = open.size() - 1; i >= 0; i--) close(open.get(i));
        open.clear();
    }

    private static void close(AutoCloseable native_) {
        try {
            native_.close();
        } catch (Exception e) {
            throw new AssertionError("RocksDB's handles close without a word", e);
        }
    }

    private interface Work<T> {
        T run() throws RocksDBException;
    }

    private <T> T guarded(Work<T> work) {
        if (closed) throw new IndexFailed("the index is closed");
        try {
            return work.run();
        } catch (RocksDBException e) {
            throw new IndexFailed("the index on the disk", e);
        }
    }

    private Optional<Seat> seat(RecordId record) throws RocksDBException {
        var value = db.get(states, name(record));
        return value == null ? Optional.empty() : Optional.of(seat(value));
    }

    private static Seat seat(byte[] value) {
        try {
            var state = LedgerCodec.waiting(Arrays.copyOfRange(value, TURN, value.length));
            return new Seat(ByteBuffer.wrap(value).getLong(), state);
        } catch (BadRecord | IndexOutOfBoundsException | java.nio.BufferUnderflowException e) {
            throw new IndexFailed("a state on the disk does not decode", e);
        }
    }

    // To the first one behind `last`.
    private static void from(RocksIterator all, Optional<byte[]> last) {
        if (last.isEmpty()) {
            all.seekToFirst();
            return;
        }
        all.seek(last.get());
        if (all.isValid() && Arrays.equals(all.key(), last.get())) all.next();
    }

    private static byte[] name(RecordId record) {
        return record.text().getBytes(UTF_8);
    }

    private static RecordId record(byte[] name) {
        return new RecordId(new String(name, UTF_8));
    }

    private static byte[] key(Identity who) {
        return ByteBuffer.allocate(16).putLong(who.hi()).putLong(who.lo()).array();
    }

    private static Identity identity(byte[] key) {
        var in = ByteBuffer.wrap(key);
        return new Identity(in.getLong(), in.getLong());
    }

    private static byte[] turnKey(long due, byte[] name) {
        return ByteBuffer.allocate(TURN + name.length).putLong(due).put(name).array();
    }

    private static Turn turn(byte[] key) {
        return new Turn(ByteBuffer.wrap(key).getLong(), record(Arrays.copyOfRange(key, TURN, key.length)));
    }

    private static byte[] value(long due, byte[] state) {
        return ByteBuffer.allocate(TURN + state.length).putLong(due).put(state).array();
    }

    private static byte[] unreadableKey(RecordId record) {
        var name = name(record);
        return ByteBuffer.allocate(1 + name.length).put(UNREADABLE).put(name).array();
    }

    private static byte[] number(int value) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
    }
}
