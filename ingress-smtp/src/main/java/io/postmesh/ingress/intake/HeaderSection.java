package io.postmesh.ingress.intake;

import io.postmesh.contract.Slice;
import java.util.Arrays;

/// Collects the header section: everything up to and with the first empty line (RFC 5322 §2.1).
final class HeaderSection {
    /// Postfix takes 100 KiB, most mail has 2; a record must hold it several times.
    static final int MAX = 256 * 1024;

    private byte[] bytes;
    private int length;
    private boolean complete;

    HeaderSection() {
        this.bytes = new byte[4096];
    }

    /// Takes what belongs to the section and returns how many octets that were.
    int take(byte[] from, int offset, int count) {
        int room = Math.min(count, MAX + 1 - length);
        int before = length;
        append(from, offset, room);
        int end = endOfSection(Math.max(0, before - 3));
        if (end < 0) return count; // what is over MAX is dropped: the message is refused anyway
        complete = true;
        length = end;
        return end - before;
    }

    boolean isComplete() {
        return complete;
    }

    boolean isTooLarge() {
        return length > MAX;
    }

    int length() {
        return length;
    }

    int capacity() {
        return bytes.length;
    }

    Slice slice() {
        return new Slice(bytes, 0, length);
    }

    private void append(byte[] from, int offset, int count) {
        if (length + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + count, Math.min(bytes.length * 2, MAX + 1)));
        }
        System.arraycopy(from, offset, bytes, length, count);
        length += count;
    }

    // The index after the empty line, or -1.
    private int endOfSection(int from) {
        for (int i = from; i + 1 < length; i++) {
            if (bytes[i] != '\r' || bytes[i + 1] != '\n') continue;
            if (i == 0) return 2;
            if (i + 3 < length && bytes[i + 2] == '\r' && bytes[i + 3] == '\n') return i + 4;
        }
        return -1;
    }
}
