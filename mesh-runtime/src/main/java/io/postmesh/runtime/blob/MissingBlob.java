package io.postmesh.runtime.blob;

import java.io.IOException;

/// A record names a blob that is not there: an alarm, never a skip (LEDGER L22).
public final class MissingBlob extends IOException {
    private static final long serialVersionUID = 1;

    public MissingBlob(String key) {
        super("blob " + key + " is missing");
    }
}
