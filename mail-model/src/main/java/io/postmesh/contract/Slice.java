package io.postmesh.contract;

import java.util.Arrays;
import java.util.Objects;

/// A run of bytes inside a larger array, read-only by agreement.
public record Slice(byte[] array, int offset, int length) {
    public static final Slice EMPTY = new Slice(new byte[0], 0, 0);

    public Slice {
        Objects.checkFromIndexSize(offset, length, array.length);
    }

    public static Slice of(byte[] bytes) {
        return new Slice(bytes, 0, bytes.length);
    }

    public byte get(int index) {
        return array[offset + index];
    }

    public byte[] toBytes() {
        return Arrays.copyOfRange(array, offset, offset + length);
    }

    /// Two slices are equal when their bytes are.
    @Override
    public boolean equals(Object other) {
        return other instanceof Slice s
                && Arrays.equals(array, offset, offset + length, s.array, s.offset, s.offset + s.length);
    }

    @Override
    public int hashCode() {
        int h = 1;
        for (int i = 0; i < length; i++) h = 31 * h + get(i);
        return h;
    }

    @Override
    public String toString() {
        return length + " octets";
    }
}
