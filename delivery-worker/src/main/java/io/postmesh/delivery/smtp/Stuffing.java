package io.postmesh.delivery.smtp;

import io.postmesh.contract.Slice;
import java.util.Arrays;

/// Makes wire form of a mail's bytes: a dot that begins a line is doubled, and the end is `CR LF . CR LF`
/// (RFC 5321 §4.5.2). Whatever comes in, no CR and no LF leaves alone: a receiver that takes one for a line's end would
/// read another mail out of ours (the smuggling of 2023).
final class Stuffing {
    private static final int MAX_SPECIAL = 8; // two ends of line, and two dots

    private byte[] out;
    private int length;
    private boolean atLineStart = true;
    private boolean afterCr; // a CR was read and not yet written: it depends on what follows

    Stuffing(int capacity) {
        out = new byte[Math.max(capacity, 64)];
    }

    void add(Slice slice) {
        add(slice.array(), slice.offset(), slice.length());
    }

    private void add(byte[] bytes, int offset, int count) {
        reserve(count + MAX_SPECIAL);
        int end = offset + count;
        int from = offset; // start of the run not copied yet
        for (int i = offset; i < end; i++) {
            byte b = bytes[i];
            if (b > '.' || b < 0) { // nearly all of a mail
                if (afterCr) lineEnd();
                atLineStart = false;
                continue;
            }
            if (b == '\n' || b == '\r' || b == '.' && (atLineStart || afterCr)) {
                copy(bytes, from, i);
                from = i + 1;
                special(b);
            } else {
                if (afterCr) lineEnd();
                atLineStart = false;
            }
        }
        copy(bytes, from, end);
    }

    private void special(byte b) {
        if (b == '\n') {
            lineEnd();
            return;
        }
        if (afterCr) lineEnd();
        if (b == '\r') {
            afterCr = true;
        } else {
            out[length++] = '.';
            out[length++] = '.';
            atLineStart = false;
        }
    }

    private void lineEnd() {
        out[length++] = '\r';
        out[length++] = '\n';
        afterCr = false;
        atLineStart = true;
    }

    /// The end of the mail: its last line is ended if it was not, then the dot.
    void addEnd() {
        reserve(5);
        if (afterCr || !atLineStart) lineEnd();
        out[length++] = '.';
        out[length++] = '\r';
        out[length++] = '\n';
    }

    // Leaves room for what may be written before the next copy.
    private void copy(byte[] bytes, int from, int to) {
        reserve(to - from + MAX_SPECIAL);
        System.arraycopy(bytes, from, out, length, to - from);
        length += to - from;
    }

    private void reserve(int more) {
        if (length + more > out.length) out = Arrays.copyOf(out, Math.max(length + more, 2 * out.length));
    }

    int length() {
        return length;
    }

    /// What has been made so far; what is added next follows it on the wire.
    Slice take() {
        var taken = new Slice(out, 0, length);
        out = new byte[out.length];
        length = 0;
        return taken;
    }
}
