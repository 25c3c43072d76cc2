package io.postmesh.ingress.intake;

/// Strangers' words for a log line: what is not plain ASCII is spelled out, so nothing turns the line around or hides.
final class LogText {
    private LogText() {}

    static String of(String text) {
        if (text.chars().allMatch(LogText::isPlain)) return text;
        var out = new StringBuilder();
        text.chars().forEach(c -> {
            if (isPlain(c)) out.append((char) c);
            else out.append("\\u%04x".formatted(c));
        });
        return out.toString();
    }

    private static boolean isPlain(int c) {
        return c >= ' ' && c < 0x7f;
    }
}
