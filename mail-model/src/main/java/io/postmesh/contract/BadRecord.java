package io.postmesh.contract;

import org.jspecify.annotations.Nullable;

/// A record that does not decode. It goes to `mail.quarantine` with its raw bytes; the partition goes on.
public final class BadRecord extends Exception {
    private static final long serialVersionUID = 1;

    public BadRecord(String what) {
        super(what);
    }

    public BadRecord(String what, Throwable cause) {
        super(what, cause);
    }

    /// A tombstone where there is none, as anybody can write it into any topic.
    static byte[] unlessThere(byte @Nullable [] value) throws BadRecord {
        if (value == null) throw new BadRecord("a record without a value");
        return value;
    }
}
