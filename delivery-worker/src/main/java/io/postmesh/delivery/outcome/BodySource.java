package io.postmesh.delivery.outcome;

import java.io.IOException;
import java.io.InputStream;

/// The decoded body, opened anew for each try: inline or from the blob store, compressed or not, is its maker's matter.
@FunctionalInterface
public interface BodySource {
    InputStream open() throws IOException;
}
