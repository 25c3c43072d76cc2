package io.postmesh.lab.sink;

import io.postmesh.lab.sink.Received.Flaws;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The octets of one DATA, ended by CR LF `.` CR LF and by nothing else (RFC 5321 §4.1.1.4).
///
/// Other line ends are kept and counted, never obeyed: what smuggles a second message past a lax server is visible
/// here as one message.
final class DataReader {
    private static final byte[] NOTHING = {};
    private static final int MARK = 3; // the final dot and its CR LF

    private enum Place {
        LINE_START,
        DOT,
        DOT_CR,
        TEXT,
        CR,
        END
    }

    /// @param wire   the octets before the final dot; empty when they were not to be kept
    /// @param octets how many there were
    record Data(byte[] wire, long octets, Flaws flaws) {}

    private final boolean keeps;
    private byte[] kept;
    private int size;
    private long octets;

    private Place place = Place.LINE_START;
    private int bareCr;
    private int bareLf;
    private int undoubledDots;

    private final int limit;

    /// @param limit more octets than this are counted, not kept
    DataReader(boolean keeps, int limit) {
        this.keeps = keeps;
        this.limit = limit;
        kept = keeps ? new byte[32 * 1024] : NOTHING;
    }

    /// Reads to the final dot; null when the client has gone before it.
    @Nullable
    Data read(Wire wire) throws IOException {
        do {
            int from = wire.at;
            wire.at = scan(wire.buffer, from, wire.filled);
            keep(wire.buffer, from, wire.at - from);
            if (place == Place.END) return data();
        } while (wire.fill());
        return null;
    }

    private Data data() {
        var flaws = new Flaws(bareCr, bareLf, undoubledDots);
        var wire = keeps ? Arrays.copyOf(kept, Math.max(0, size - MARK)) : NOTHING;
        return new Data(wire, octets - MARK, flaws);
    }

    private int scan(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (place == Place.TEXT) i = skipText(bytes, i, to);
            if (i == to) break;
            place = step(bytes[i]);
            if (place == Place.END) return i + 1;
        }
        return to;
    }

    private static int skipText(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && bytes[i] != '\r' && bytes[i] != '\n') i++;
        return i;
    }

    private Place step(byte b) {
        return switch (place) {
            case LINE_START -> b == '.' ? Place.DOT : text(b);
            case DOT -> afterDot(b);
            case DOT_CR -> b == '\n' ? Place.END : afterBareCr(b);
            case TEXT -> text(b);
            case CR -> b == '\n' ? Place.LINE_START : afterBareCr(b);
            case END -> throw new IllegalStateException("read on after the end");
        };
    }

    private Place text(byte b) {
        if (b == '\r') return Place.CR;
        if (b == '\n') bareLf++;
        return Place.TEXT;
    }

    private Place afterDot(byte b) {
        if (b == '\r') return Place.DOT_CR;
        if (b != '.') undoubledDots++;
        return b == '.' ? Place.TEXT : text(b);
    }

    private Place afterBareCr(byte b) {
        bareCr++;
        return text(b);
    }

    private void keep(byte[] bytes, int from, int length) {
        octets += length;
        if (!keeps || octets > (long) limit + MARK) return;
        if (size + length > kept.length) kept = Arrays.copyOf(kept, Math.max(kept.length * 2, size + length));
        System.arraycopy(bytes, from, kept, size, length);
        size += length;
    }
}
