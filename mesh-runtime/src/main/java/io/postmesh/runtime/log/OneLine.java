package io.postmesh.runtime.log;

/// The last guard of a log line: whatever text was put into it, it stays one line and reads in one direction.
final class OneLine {
    private OneLine() {}

    static String of(String text) {
        for (int i = 0; i < text.length(); i++) if (breaksOut(text.charAt(i))) return spelled(text, i);
        return text;
    }

    private static String spelled(String text, int from) {
        var out = new StringBuilder(text.length() + 16).append(text, 0, from);
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (breaksOut(c)) out.append("\\u%04x".formatted((int) c));
            else out.append(c);
        }
        return out.toString();
    }

    // Controls of both sets, line and paragraph separators, and what turns the direction of the rest (UAX #9 §2).
    static boolean breaksOut(char c) {
        return c < ' '
                || c >= 0x7f && c < 0xa0
                || c >= 0x200e && c <= 0x200f
                || c >= 0x2028 && c <= 0x202e
                || c >= 0x2066 && c <= 0x2069;
    }
}
