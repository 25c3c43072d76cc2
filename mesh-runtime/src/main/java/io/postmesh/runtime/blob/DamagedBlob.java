package io.postmesh.runtime.blob;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Bytes that are not those that were stored: an alarm, as a [MissingBlob] is; trying again will not mend it.
public final class DamagedBlob extends IOException {
    private static final long serialVersionUID = 1;

    public DamagedBlob(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
