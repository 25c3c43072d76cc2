package io.postmesh.lab.dialogue;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;

/// Reads `"MAIL FROM:<" "a"*70 "@b.c>\r\n"` into octets.
final class Octets {
    private final String text;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int at;

    private Octets(String text) {
        this.text = text;
    }

    static byte[] parse(String text) {
        var octets = new Octets(text.strip());
        while (octets.at < octets.text.length()) octets.part();
        return octets.out.toByteArray();
    }

    private void part() {
        var once = quoted();
        int times = at < text.length() && text.charAt(at) == '*' ? count() : 1;
        for (int i = 0; i < times; i++) out.writeBytes(once);
        while (at < text.length() && text.charAt(at) == ' ') at++;
    }

    private byte[] quoted() {
        if (take() != '"') throw new IllegalArgumentException("octets stand in double quotes");
        var part = new ByteArrayOutputStream();
        for (char c = take(); c != '"'; c = take()) {
            if (c == '\\') part.write(escaped());
            else part.writeBytes(character(c));
        }
        return part.toByteArray();
    }

    private byte[] character(char c) {
        return Character.isHighSurrogate(c)
                ? new String(new char[] {c, take()}).getBytes(UTF_8)
                : String.valueOf(c).getBytes(UTF_8);
    }

    private int escaped() {
        char c = take();
        return switch (c) {
            case 'r' -> '\r';
            case 'n' -> '\n';
            case 't' -> '\t';
            case '0' -> 0;
            case '\\', '"' -> c;
            case 'x' -> Character.digit(take(), 16) * 16 + Character.digit(take(), 16);
            default -> throw new IllegalArgumentException("no such escape: \\" + c);
        };
    }

    private int count() {
        int from = ++at;
        while (at < text.length() && Character.isDigit(text.charAt(at))) at++;
        return Integer.parseInt(text.substring(from, at));
    }

    private char take() {
        if (at == text.length()) throw new IllegalArgumentException("the closing quote is missing");
        return text.charAt(at++);
    }
}
