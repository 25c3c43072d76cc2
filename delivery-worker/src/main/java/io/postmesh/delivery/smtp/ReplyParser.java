package io.postmesh.delivery.smtp;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postmesh.mail.EnhancedStatus;
import io.postmesh.mail.SmtpReply;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes replies of the bytes of a remote, in whatever pieces they come (RFC 5321 §4.2.1).
///
/// Strict, as a stranger speaks: lines end at CR LF only, every line of a reply has its code, and a reply ends
/// somewhere.
/// Pure: no sockets, no clock.
final class ReplyParser {
    static final int MAX_REPLY = 64 * 1024; // far above RFC 5321 §4.5.3.1.5's 512 octets a line
    private static final int MAX_LINES = 500;

    private byte[] line = new byte[256];
    private int length;
    private int replyOctets;
    private int code;
    private @Nullable EnhancedStatus status;
    private final List<String> lines = new ArrayList<>(4);

    /// What is not SMTP. The conversation cannot go on: nobody knows where the next reply starts.
    static final class Garbage extends Exception {
        private static final long serialVersionUID = 1;

        Garbage(String message) {
            super(message);
        }
    }

    /// Takes more bytes; adds each reply they complete to `out`.
    void feed(byte[] bytes, List<SmtpReply> out) throws Garbage {
        for (byte b : bytes) {
            if (++replyOctets > MAX_REPLY) throw new Garbage("a reply over 64 KiB");
            if (b == 0) throw new Garbage("a NUL");
            if (b == '\n' && length > 0 && line[length - 1] == '\r') {
                endOfLine(out);
                continue;
            }
            if (length == line.length) line = Arrays.copyOf(line, 2 * length);
            line[length++] = b;
        }
    }

    /// Whether some of a reply has been read.
    boolean isInReply() {
        return replyOctets > 0;
    }

    void reset() {
        length = 0;
        endOfReply();
    }

    private void endOfLine(List<SmtpReply> out) throws Garbage {
        int end = length - 1; // without the CR
        length = 0;
        if (end < 3) throw new Garbage("a line without a reply code");
        int lineCode = code(line[0], line[1], line[2]);
        if (!lines.isEmpty() && lineCode != code) throw new Garbage("two codes in one reply"); // RFC 5321 §4.2.1
        boolean last = end == 3 || line[3] == ' ';
        if (!last && line[3] != '-') throw new Garbage("no space or hyphen after the reply code");
        if (lines.size() >= MAX_LINES) throw new Garbage("a reply without end");
        code = lineCode;
        lines.add(text(end <= 4 ? "" : new String(line, 4, end - 4, UTF_8)));
        if (last) {
            out.add(new SmtpReply(code, Optional.ofNullable(status), lines));
            endOfReply();
        }
    }

    private void endOfReply() {
        lines.clear();
        status = null;
        replyOctets = 0;
    }

    private static int code(byte a, byte b, byte c) throws Garbage {
        if (a < '2' || a > '5' || b < '0' || b > '9' || c < '0' || c > '9') throw new Garbage("no reply code");
        return (a - '0') * 100 + (b - '0') * 10 + (c - '0');
    }

    // RFC 2034 §4: the enhanced code stands in front of every line's text, and its class is the reply's.
    private String text(String line) {
        var found = EnhancedStatus.parsePrefix(line).filter(s -> s.klass() == code / 100);
        if (found.isEmpty()) return line;
        if (status == null) status = found.get();
        int space = line.indexOf(' ');
        return space < 0 ? "" : line.substring(space + 1);
    }
}
