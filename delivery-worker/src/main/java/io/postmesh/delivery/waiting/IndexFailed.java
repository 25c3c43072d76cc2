package io.postmesh.delivery.waiting;

/// The disk under an index is full, gone or corrupt: the index is lost, and nothing else (LEDGER L20).
public final class IndexFailed extends RuntimeException {
    private static final long serialVersionUID = 1;

    IndexFailed(String what, Throwable why) {
        super(what + ": " + why.getMessage(), why);
    }

    IndexFailed(String what) {
        super(what);
    }
}
