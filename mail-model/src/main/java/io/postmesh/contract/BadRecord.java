package io.postmesh.contract;

/// A record that does not decode. It goes to `mail.quarantine` with its raw bytes; the partition goes on.
public final class BadRecord extends Exception {
    private static final long serialVersionUID = 1;

    public BadRecord(String what) {
        super(what);
    }

    public BadRecord(String what, Throwable cause) {
        super(what, cause);
    }
}
