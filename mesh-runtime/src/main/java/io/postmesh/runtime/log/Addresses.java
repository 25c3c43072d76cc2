package io.postmesh.runtime.log;

import io.postmesh.mail.LogText;
import java.util.function.BinaryOperator;
import java.util.regex.Pattern;

/// Finds what looks like a mail address in a text, and has it masked. Each character is read a bounded number of times,
/// whatever strangers put there.
///
/// Broader than RFC 5321 §4.1.2, for other hosts' words are no grammar, and yet `to=ann@a.test,bob@b.test` are two.
/// Message ids stay, as boky/postfix has it: `message-id=<x@y>`.
final class Addresses {
    private static final String MESSAGE_ID = "message-id";
    private static final int LONGEST_QUOTED = 256; // 64 octets (RFC 5321 §4.5.3.1.1), with room for who does not care

    /// What stands before an address in lines of ours; everything else before `=` may be part of one.
    private static final Pattern LABEL = Pattern.compile("(?:from|to|client|hello|(?:POSTMESH|POSTFIX)_\\w{1,60})=");

    private final BinaryOperator<String> mask;

    /// @param mask of a local part and a domain
    Addresses(BinaryOperator<String> mask) {
        this.mask = mask;
    }

    String masked(String text) {
        if (text.indexOf('@') < 0 && !text.contains("\\u0040")) return text;
        var spelled = Spelled.of(text);
        return new Walk(spelled, spelled.meant(), new StringBuilder(text.length())).masked();
    }

    private final class Walk {
        private final Spelled spelled;
        private final String text;
        private final StringBuilder out;
        private int done; // what stands before it is in out

        Walk(Spelled spelled, String text, StringBuilder out) {
            this.spelled = spelled;
            this.text = text;
            this.out = out;
        }

        String masked() {
            for (int at = 0; at < text.length(); ) at = step(at);
            return out.append(spelled.text(done, text.length())).toString();
        }

        // Returns where to go on.
        private int step(int at) {
            int quoted = text.charAt(at) == '"' ? endOfQuoted(at) : -1;
            boolean isQuoted = quoted >= 0 && quoted < text.length() && text.charAt(quoted) == '@';
            if (!isQuoted && !isWord(text.charAt(at))) return at + 1;
            int end = endOfWord(isQuoted ? quoted : at);
            int start = isQuoted ? at : afterLabel(at, end);
            int sign = sign(isQuoted ? quoted : start + 1, end);
            if (sign < 0) return isQuoted ? at + 1 : end; // there may be one inside
            int domainEnd = endOfDomain(sign + 1);
            if (isQuoted || !isMessageId(start)) replace(start, sign, domainEnd);
            return Math.max(end, domainEnd);
        }

        private void replace(int start, int sign, int end) {
            var masked = mask.apply(text.substring(start, sign), text.substring(sign + 1, end));
            out.append(spelled.text(done, start));
            // What was spelled must not end the quotes it stands in.
            out.append(spelled.isSpelled(start, end) ? LogText.word(masked).replace("\"", "\\u0022") : masked);
            done = end;
        }

        // Where a quoted string ends, or -1.
        private int endOfQuoted(int at) {
            int end = Math.min(text.length(), at + LONGEST_QUOTED);
            for (int i = at + 1; i < end; i++) {
                if (text.charAt(i) == '\\') i++;
                else if (text.charAt(i) == '"') return i + 1;
            }
            return -1;
        }

        private int endOfWord(int at) {
            int end = at;
            while (end < text.length() && isWord(text.charAt(end))) end++;
            return end;
        }

        private int afterLabel(int at, int end) {
            var label = LABEL.matcher(text).region(at, end);
            int start = label.lookingAt() ? label.end() : at;
            while (start < end && text.charAt(start) == '\'') start++; // a quotation mark, rather
            return start;
        }

        // The last @ that has a domain after it: what stands before it is the local part, quoted or not.
        private int sign(int from, int end) {
            for (int i = end - 1; i >= from; i--) if (text.charAt(i) == '@' && endOfDomain(i + 1) > i + 1) return i;
            return -1;
        }

        private int endOfDomain(int at) {
            if (at < text.length() && text.charAt(at) == '[') return endOfLiteral(at);
            int end = at;
            while (end < text.length() && isDomain(text.charAt(end))) end++;
            while (end > at && ".-_".indexOf(text.charAt(end - 1)) >= 0) end--; // of the sentence
            return end;
        }

        private int endOfLiteral(int at) {
            int end = at + 1;
            while (end < text.length() && isLiteral(text.charAt(end))) end++;
            boolean closed = end > at + 1 && end < text.length() && text.charAt(end) == ']';
            return closed ? end + 1 : at;
        }

        private boolean isMessageId(int start) {
            if (text.regionMatches(true, start, MESSAGE_ID + "=", 0, MESSAGE_ID.length() + 1)) return true;
            int at = start;
            if (at > 0 && "{<[\"'".indexOf(text.charAt(at - 1)) >= 0) at--;
            if (at > 0 && text.charAt(at - 1) == ' ') at--;
            if (at == 0 || "=:".indexOf(text.charAt(at - 1)) < 0) return false;
            return text.regionMatches(true, at - 1 - MESSAGE_ID.length(), MESSAGE_ID, 0, MESSAGE_ID.length());
        }
    }

    // What may stand in an address without quotes, the @ included.
    private static boolean isWord(char c) {
        return c > ' ' && "\"()<>[],:;".indexOf(c) < 0 && !isBlank(c);
    }

    private static boolean isDomain(char c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || c == '.'
                || c == '-'
                || c == '_'
                || c > 0x7f && !isBlank(c);
    }

    private static boolean isLiteral(char c) {
        return c < 0x7f && (Character.isLetterOrDigit(c) || c == '.' || c == ':' || c == '-');
    }

    private static boolean isBlank(char c) {
        return Character.isISOControl(c) || Character.isWhitespace(c) || Character.isSpaceChar(c);
    }
}
