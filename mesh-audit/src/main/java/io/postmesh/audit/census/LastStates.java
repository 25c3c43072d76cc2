package io.postmesh.audit.census;

import io.postmesh.contract.RecordId;
import java.util.HexFormat;

/// Which state of each waiting record is its last one, of one partition of `mail.waiting`. Only records that a window
/// knows are remembered: 32 to 64 octets each, whatever their states hold.
public final class LastStates {
    private static final long GONE = -1;

    private final Table last = new Table();

    /// A state of a record of the window stands at this offset.
    public void state(RecordId record, long offset) {
        put(record, offset + 1); // 0 is no value of the table
    }

    /// A tombstone: the record waits no more.
    public void gone(RecordId record) {
        if (get(record) != Table.ABSENT) put(record, GONE);
    }

    public boolean isLast(RecordId record, long offset) {
        return get(record) == offset + 1;
    }

    public boolean isEmpty() {
        return last.size() == 0;
    }

    private void put(RecordId record, long value) {
        last.put(half(record, 0), half(record, 16), value);
    }

    private long get(RecordId record) {
        return last.get(half(record, 0), half(record, 16));
    }

    // A record's id is 32 hexadecimal digits; another text is no record of ours, and gets a hash.
    private static long half(RecordId record, int from) {
        var text = record.text();
        try {
            if (text.length() == 32) return HexFormat.fromHexDigitsToLong(text, from, from + 16);
        } catch (NumberFormatException notOurs) {
            return text.hashCode();
        }
        return from == 0 ? text.length() : text.hashCode();
    }
}
