package io.postmesh.dkim;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// SHA-256 of the relaxed canonical body (RFC 6376 §3.4.4), computed while the body streams in.
///
/// Feed it CR LF lines in any slices; call [#digest] once. White space at line ends goes, runs of it become one space,
/// empty lines at the end go, a last line without CR LF gets one. An empty body stays empty.
///
/// Most of every body is canonical already. Such a stretch is found eight octets at a time and hashed where it lies;
/// only what has to change goes octet by octet through the little machine below.
public final class BodyHash {
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, LITTLE_ENDIAN);
    private static final int OUT_SIZE = 1024;

    /// A stretch this long is hashed in place; a shorter one is gathered first, a digest call costs more than a copy.
    private static final int WORTH_A_CALL = 256;

    private static final byte[] CR_LF = {'\r', '\n'};
    private static final byte[] SPACE = {' '};

    private final MessageDigest digest;
    private final byte[] out = new byte[OUT_SIZE];
    private int filled;

    private boolean pendingSpace;
    private boolean pendingCr;
    private boolean lineHasText;
    private long pendingEmptyLines;

    public BodyHash() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    public void update(byte[] bytes, int offset, int length) {
        int end = offset + length;
        int i = offset;
        while (i < end) {
            if (isText(bytes[i])) {
                int run = canonicalRun(bytes, i, end);
                text(bytes, i, run - i);
                i = run;
            } else {
                special(bytes, i++);
            }
        }
    }

    /// The hash; the object is used up.
    public byte[] digest() {
        if (pendingCr) bareCr(); // the dot reader lets none through; here it is text like any other
        if (lineHasText) put(CR_LF, 0, 2);
        digest.update(out, 0, filled);
        return digest.digest();
    }

    /// The end of the longest stretch from `from`, an octet of text, that the canonical form leaves as it is: text,
    /// single spaces between text, line ends between text. It ends after text, so nothing is pending behind it.
    private static int canonicalRun(byte[] bytes, int from, int end) {
        int i = from;
        while (true) {
            i = plainRun(bytes, i, end);
            if (i == end) return i;
            byte b = bytes[i];
            if (isText(b)) i++;
            else if (b == ' ' && i + 1 < end && isText(bytes[i + 1])) i += 2;
            else if (b == '\r' && i + 2 < end && bytes[i + 1] == '\n' && isText(bytes[i + 2])) i += 3;
            else return i;
        }
    }

    /// Skips text and single spaces in strides of eight, up to the first octet that needs a closer look or the last
    /// eight octets. Never stops behind a space.
    private static int plainRun(byte[] bytes, int from, int end) {
        int i = from;
        while (i + 9 <= end) {
            long here = (long) EIGHT.get(bytes, i);
            long next = (long) EIGHT.get(bytes, i + 1);
            long control = below(here, ' ');
            long stop = control | below(here, ' ' + 1) & below(next, ' ' + 1);
            if (stop != 0) return i + (Long.numberOfTrailingZeros(stop) >>> 3);
            i += 8;
        }
        return i;
    }

    /// The top bit of each octet of `eight` that is below `limit`, itself an ASCII value (no carry can cross octets).
    private static long below(long eight, int limit) {
        long low = (eight & 0x7f7f7f7f7f7f7f7fL) + (0x80 - limit) * 0x0101010101010101L;
        return ~(low | eight) & 0x8080808080808080L;
    }

    private static boolean isText(byte b) {
        return b > ' ' || b < 0;
    }

    private void special(byte[] bytes, int at) {
        byte b = bytes[at];
        if (pendingCr && b == '\n') {
            endLine();
            return;
        }
        switch (b) {
            case '\r' -> {
                if (pendingCr) bareCr();
                pendingCr = true;
            }
            case ' ', '\t' -> {
                if (pendingCr) bareCr();
                pendingSpace = true;
            }
            default -> text(bytes, at, 1);
        }
    }

    private void bareCr() {
        pendingCr = false;
        text(CR_LF, 0, 1);
    }

    private void text(byte[] bytes, int offset, int length) {
        if (pendingCr) bareCr();
        for (; pendingEmptyLines > 0; pendingEmptyLines--) put(CR_LF, 0, 2);
        if (pendingSpace) put(SPACE, 0, 1);
        pendingSpace = false;
        lineHasText = true;
        put(bytes, offset, length);
    }

    // §3.4.4: white space at the end of a line is ignored, and so are empty lines unless text follows.
    private void endLine() {
        if (lineHasText) put(CR_LF, 0, 2);
        else pendingEmptyLines++;
        lineHasText = false;
        pendingSpace = false;
        pendingCr = false;
    }

    private void put(byte[] bytes, int offset, int length) {
        if (length >= WORTH_A_CALL) {
            flush();
            digest.update(bytes, offset, length);
            return;
        }
        if (length > OUT_SIZE - filled) flush();
        System.arraycopy(bytes, offset, out, filled, length);
        filled += length;
    }

    private void flush() {
        if (filled > 0) digest.update(out, 0, filled);
        filled = 0;
    }
}
