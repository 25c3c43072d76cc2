package io.postmesh.mail;

import java.util.List;
import java.util.Optional;

/// One SMTP reply: a code, perhaps an enhanced code, and at least one line of text (RFC 5321 §4.2).
///
/// @param lines texts without codes; printable characters only, so a remote's words cannot start a line anywhere else
public record SmtpReply(int code, Optional<EnhancedStatus> status, List<String> lines) {
    public SmtpReply {
        if (code < 200 || code > 599) throw new IllegalArgumentException("reply code: 200 to 599");
        if (lines.isEmpty()) throw new IllegalArgumentException("a reply has a line");
        lines = lines.stream().map(SmtpReply::printable).toList();
    }

    /// A reply whose text may begin with an enhanced code: `of(550, "5.7.1 Relaying denied")`.
    /// A code of another class than the reply's is text (RFC 2034 §4: both must agree).
    public static SmtpReply of(int code, String text) {
        var status = EnhancedStatus.parsePrefix(text).filter(s -> s.klass() == code / 100);
        if (status.isEmpty()) return new SmtpReply(code, status, List.of(text));
        int space = text.indexOf(' ');
        return new SmtpReply(code, status, List.of(space < 0 ? "" : text.substring(space + 1)));
    }

    /// Several lines without enhanced codes, as EHLO's.
    public static SmtpReply lines(int code, List<String> lines) {
        return new SmtpReply(code, Optional.empty(), lines);
    }

    public boolean isPositive() {
        return code < 400;
    }

    public boolean isTransient() {
        return code >= 400 && code < 500;
    }

    public boolean isPermanent() {
        return code >= 500;
    }

    /// All lines as one, for logs and records.
    public String text() {
        var joined = String.join(" ", lines);
        return code + " " + status.map(s -> s + " ").orElse("") + joined;
    }

    /// The reply as it goes over the wire, each line ended by CR LF.
    public String wire() {
        var out = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            out.append(code).append(i < lines.size() - 1 ? '-' : ' ');
            status.ifPresent(s -> out.append(s).append(' '));
            out.append(lines.get(i)).append("\r\n");
        }
        return out.toString();
    }

    private static String printable(String line) {
        if (line.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) return line;
        var out = new StringBuilder(line.length());
        line.codePoints().forEach(c -> out.appendCodePoint(LogText.isSeen(c) ? c : '?'));
        return out.toString();
    }

    @Override
    public String toString() {
        return text();
    }
}
