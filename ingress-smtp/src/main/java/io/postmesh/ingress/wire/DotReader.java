package io.postmesh.ingress.wire;

/// Reads the content after DATA: ends it at CR LF dot CR LF and nowhere else, removes the dot a client put in front of
/// a line's first dot (RFC 5321 §4.5.2), and stops at a bare CR or LF.
///
/// Each of the smuggling endings of 2023 (`\n.\n`, `\n.\r\n`, `\r.\r`, `\r\n.\r\r\n`, ...) contains one of those, so
/// none of them ends a message here, and none is passed on to a peer for whom it might.
///
/// Runs of content go to the sink in place; only state is kept between segments, no bytes.
public final class DotReader {
    /// Takes content; must copy what it keeps.
    public interface Sink {
        void text(byte[] bytes, int offset, int length);
    }

    enum Outcome {
        /// The segment is used up.
        MORE,
        /// The final dot was read.
        END,
        /// A bare CR or LF.
        BARE
    }

    private enum At {
        LINE_START,
        TEXT,
        CR,
        /// A dot at the start of a line; it never belongs to the content.
        DOT,
        DOT_CR
    }

    private final Sink sink;
    private At at = At.LINE_START;
    private int position;
    private boolean nul;
    private int lineLength;
    private int longestLine;

    DotReader(Sink sink) {
        this.sink = sink;
    }

    /// Reads `bytes[from, to)`; [#position] then says how far it got: behind the final dot's line, or at the fault.
    Outcome read(byte[] bytes, int from, int to) {
        int run = from; // content not given to the sink yet starts here
        int i = from;
        while (i < to) {
            byte b = bytes[i];
            switch (at) {
                case LINE_START -> {
                    if (b == '.') {
                        give(bytes, run, i);
                        run = ++i;
                        at = At.DOT;
                    } else {
                        at = At.TEXT;
                    }
                }
                case TEXT -> {
                    int special = Scan.special(bytes, i, to);
                    lineLength += special - i;
                    i = special;
                    if (i < to) {
                        if (bytes[i] == '\n') return fault(bytes, run, i);
                        if (bytes[i] == '\r') {
                            at = At.CR;
                        } else {
                            nul = true;
                            lineLength++;
                        }
                        i++;
                    }
                }
                case CR -> {
                    if (b != '\n') return fault(bytes, run, i);
                    endLine();
                    i++;
                }
                case DOT -> {
                    if (b == '\r') {
                        i++;
                        run = i;
                        at = At.DOT_CR;
                    } else {
                        at = At.TEXT;
                    }
                }
                case DOT_CR -> {
                    if (b != '\n') return fault(bytes, run, i);
                    position = i + 1;
                    return Outcome.END;
                }
            }
        }
        give(bytes, run, to);
        position = to;
        return Outcome.MORE;
    }

    private void endLine() {
        if (lineLength > longestLine) longestLine = lineLength;
        lineLength = 0;
        at = At.LINE_START;
    }

    private Outcome fault(byte[] bytes, int run, int at) {
        give(bytes, run, at);
        position = at;
        return Outcome.BARE;
    }

    private void give(byte[] bytes, int from, int to) {
        if (to > from) sink.text(bytes, from, to - from);
    }

    int position() {
        return position;
    }

    /// Whether content had a NUL: legal nowhere but in BINARYMIME (RFC 5321 §4.5.2, RFC 3030).
    boolean hasNul() {
        return nul;
    }

    /// Octets of the longest line, without CR LF.
    int longestLine() {
        return longestLine;
    }
}
