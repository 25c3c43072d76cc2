package io.postmesh.mail;

import java.util.function.IntPredicate;

/// Strangers' words for a log line or a terminal: what is not plain ASCII is spelled out, so nothing turns the line
/// around, hides, or passes for another value.
public final class LogText {
    private LogText() {}

    /// For the end of a line, or between quotes.
    public static String of(String text) {
        return spelled(text, LogText::isPlain);
    }

    /// For one `name=value` of a line: it has no space, and no comma that would make it a list.
    public static String word(String text) {
        return spelled(text, c -> isPlain(c) && c != ' ' && c != ',');
    }

    /// Whether text of people, in whatever script, stays one line that reads as it is written: no control, no separator
    /// of lines, nothing that is not seen or turns the direction.
    public static boolean isOneLine(String text) {
        return text.codePoints().allMatch(LogText::isSeen);
    }

    /// Text of people, in whatever script, for a line: what would break it, hides, or turns it around is spelled out.
    public static String line(String text) {
        if (isOneLine(text)) return text;
        var out = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (isSeen(c)) out.appendCodePoint(c);
            else for (char half : Character.toChars(c)) out.append("\\u%04x".formatted((int) half));
        });
        return out.toString();
    }

    static boolean isSeen(int c) {
        if (isPlain(c)) return true;
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> false;
            default -> true;
        };
    }

    private static String spelled(String text, IntPredicate stays) {
        if (text.chars().allMatch(stays)) return text;
        var out = new StringBuilder();
        text.chars().forEach(c -> {
            if (stays.test(c)) out.append((char) c);
            else out.append("\\u%04x".formatted(c));
        });
        return out.toString();
    }

    private static boolean isPlain(int c) {
        return c >= ' ' && c < 0x7f;
    }
}
