package io.postmesh.ingress.intake;

import io.postmesh.contract.Content.BodyRef;
import io.postmesh.contract.Content.BodyRef.Encoding;
import io.postmesh.contract.Slice;
import io.postmesh.dkim.BodyHash;
import java.io.ByteArrayOutputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A body on its way in: hashed as it comes, held while it is small, streamed through zstd once it is not, and moved to
/// a blob once even the compressed form is too large for a record. Runs on one event loop.
final class Body {
    /// Bodies up to this are compressed in one go; it is also how much of one message is held uncompressed.
    private static final int MOST_HELD = 128 * 1024;

    /// How much compressed content is gathered before the blob is written.
    private static final int BLOB_PIECE = 256 * 1024;

    private final Workbench bench;
    private final Spill spill;
    private final int inlineMax;
    private final int heldMax;
    private final BodyHash hash = new BodyHash();
    private byte[] held;
    private int heldLength;
    private long size;
    private @Nullable ZstdStream stream;
    private @Nullable ByteArrayOutputStream encoded;

    /// @param announced octets, or less than 0 when nobody knows
    Body(Workbench bench, Spill spill, int inlineMax, long announced) {
        this.bench = bench;
        this.spill = spill;
        this.inlineMax = inlineMax;
        this.heldMax = Math.min(inlineMax, MOST_HELD); // what is held fits into the record however it compresses
        this.held = bench.array((int) Math.clamp(announced, 1, heldMax));
    }

    void write(byte[] bytes, int offset, int length) {
        size += length;
        hash.update(bytes, offset, length);
        if (stream == null && heldLength + length <= heldMax) hold(bytes, offset, length);
        else compress(bytes, offset, length);
    }

    private void hold(byte[] bytes, int offset, int length) {
        if (heldLength + length > held.length) {
            var larger = bench.array(heldLength + length);
            System.arraycopy(held, 0, larger, 0, heldLength);
            bench.giveBack(held);
            held = larger;
        }
        System.arraycopy(bytes, offset, held, heldLength, length);
        heldLength += length;
    }

    private void compress(byte[] bytes, int offset, int length) {
        if (stream == null || encoded == null) {
            stream = bench.stream();
            encoded = new ByteArrayOutputStream(64 * 1024);
            stream.write(held, 0, heldLength, encoded);
            heldLength = 0;
        }
        stream.write(bytes, offset, length, encoded);
        boolean isBlob = spill.isOpen() || encoded.size() > inlineMax;
        if (isBlob && encoded.size() >= BLOB_PIECE) {
            spill.write(encoded.toByteArray());
            encoded.reset();
        }
    }

    /// A body that is complete.
    ///
    /// @param bytes what the record holds; empty when the body is a blob
    record Stored(BodyRef ref, Slice bytes) {}

    /// Ends a body that fits into a record; empty when the rest has to go to the blob, see [#blob].
    Optional<Stored> inline() {
        if (stream == null || encoded == null) return Optional.of(small());
        stream.finish(encoded);
        if (spill.isOpen() || encoded.size() > inlineMax) {
            spill.write(encoded.toByteArray());
            return Optional.empty();
        }
        return Optional.of(
                new Stored(new BodyRef(Encoding.ZSTD, Optional.empty(), size), Slice.of(encoded.toByteArray())));
    }

    // A slice of the bench's own array: to be copied into the record before `close`.
    private Stored small() {
        var out = bench.array(Math.max(1, heldLength));
        int length = bench.compress(held, heldLength, out);
        if (length < 0) {
            bench.giveBack(out);
            return new Stored(new BodyRef(Encoding.IDENTITY, Optional.empty(), size), new Slice(held, 0, heldLength));
        }
        bench.giveBack(held);
        held = out;
        return new Stored(new BodyRef(Encoding.ZSTD, Optional.empty(), size), new Slice(out, 0, length));
    }

    BodyRef blob(String key) {
        return new BodyRef(Encoding.ZSTD, Optional.empty(), size).at(key, spill.sum());
    }

    long size() {
        return size;
    }

    byte[] hash() {
        return hash.digest();
    }

    /// Octets of memory in use.
    long held() {
        return held.length + (encoded == null ? 0 : 2L * encoded.size());
    }

    /// Gives everything borrowed back. Once.
    void close() {
        bench.giveBack(held);
        if (stream != null) bench.giveBack(stream);
    }
}
