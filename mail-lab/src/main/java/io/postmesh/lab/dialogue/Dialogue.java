package io.postmesh.lab.dialogue;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A conversation to be played, line by line.
public final class Dialogue {
    /// @param number in the file, from 1
    record Numbered(int number, String text, Line line) {}

    private final String name;
    private final List<Numbered> lines;

    private Dialogue(String name, List<Numbered> lines) {
        this.name = name;
        this.lines = List.copyOf(lines);
    }

    public static Dialogue read(Path file) {
        try {
            return parse(file.toString(), Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Every `*.smtp` file under a folder, by name: the arguments of a parameterised test.
    public static List<Dialogue> allIn(Path folder) {
        try (var files = Files.walk(folder)) {
            var found = files.filter(f -> f.toString().endsWith(".smtp"))
                    .sorted()
                    .map(Dialogue::read)
                    .toList();
            if (found.isEmpty()) throw new IllegalArgumentException("no *.smtp file under " + folder);
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @throws IllegalArgumentException naming file and line
    public static Dialogue parse(String name, String text) {
        var lines = new ArrayList<Numbered>();
        int number = 0;
        for (var raw : text.split("\r?\n", -1)) {
            number++;
            if (raw.isBlank() || raw.startsWith("#")) continue;
            try {
                lines.add(new Numbered(number, raw, line(raw)));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(name + ":" + number + ": " + e.getMessage(), e);
            }
        }
        return new Dialogue(name, lines);
    }

    List<Numbered> lines() {
        return lines;
    }

    String name() {
        return name;
    }

    private static Line line(String raw) {
        if (raw.startsWith("C:")) return new Line.Send((afterMark(raw) + "\r\n").getBytes(UTF_8));
        var text = withoutComment(raw);
        if (text.startsWith("S:")) return expectation(afterMark(text));
        if (text.startsWith("S!")) return new Line.Nowhere(afterMark(text));
        if (text.startsWith("R:")) return new Line.Send(Octets.parse(afterMark(text)));
        return switch (text) {
            case "TLS" -> new Line.StartTls();
            case "SHUT" -> new Line.Shut();
            case "CLOSED" -> new Line.Closed();
            case "NEW" -> new Line.Anew();
            default -> throw new IllegalArgumentException("not a dialogue line: " + raw);
        };
    }

    private static Line expectation(String pattern) {
        return pattern.length() > 3 && pattern.charAt(3) == '-' ? new Line.Within(pattern) : new Line.Reply(pattern);
    }

    // `C:` and one space are the mark; what follows is sent as it stands, trailing spaces included.
    private static String afterMark(String line) {
        return line.startsWith(" ", 2) ? line.substring(3) : line.substring(2);
    }

    // Not on C: lines, where a `#` is data; nor inside the quotes of R:.
    private static String withoutComment(String line) {
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (line.startsWith("R:") && c == '\\') i++;
            else if (line.startsWith("R:") && c == '"') quoted = !quoted;
            else if (!quoted && line.startsWith("  #", i))
                return line.substring(0, i).stripTrailing();
        }
        return line.stripTrailing();
    }

    @Override
    public String toString() {
        return name.substring(name.lastIndexOf('/') + 1);
    }
}
