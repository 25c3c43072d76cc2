package io.postmesh.lab.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Results as lines: for the terminal, and for the table that ends docs/reliability.md.
final class ResultTable {
    private static final String TERMINAL = "%-5s %4s %8s %6s %5s %5s %5s %5s %5s %5s %7s  %s";

    private ResultTable() {}

    static String heading() {
        return String.format(
                Locale.ROOT,
                TERMINAL,
                "row",
                "seed",
                "messages",
                "faults",
                "LOST",
                "DUP",
                "MUT",
                "SIG",
                "CROSS",
                "PHANT",
                "seconds",
                "");
    }

    static String line(Result result) {
        var cells = cells(result);
        return String.format(Locale.ROOT, TERMINAL, cells.toArray());
    }

    /// A run that broke measured nothing: the terminal tells of it, the document does not.
    ///
    /// @param where commit and machine, as in the table's columns
    static void append(Path document, List<Result> results, String where, String command) throws IOException {
        var today = LocalDate.now(ZoneOffset.UTC);
        var rows = results.stream()
                .filter(result -> !(result.end() instanceof Result.End.Broke))
                .map(result -> "| " + today + " | " + where + " | "
                        + cells(result).stream().map(String::strip).collect(Collectors.joining(" | ")) + " | `"
                        + command + "` |\n")
                .collect(Collectors.joining());
        Files.writeString(document, rows, StandardOpenOption.APPEND);
    }

    private static List<String> cells(Result result) {
        var seed = Long.toString(result.seed());
        var seconds = Long.toString(result.time().toSeconds());
        var end = result.word() + ": " + result.remarks().replace("|", "/").replaceAll("[\\r\\n]+", " ");
        return result.verdict()
                .map(v -> List.of(
                        result.row(),
                        seed,
                        text(v.messages()),
                        text(v.faults()),
                        text(v.lost().size()),
                        text(v.copies()),
                        text(v.changed()),
                        text(v.unsigned()),
                        text(v.strangers().size()),
                        text(v.phantoms()),
                        seconds,
                        end))
                .orElseGet(() -> List.of(result.row(), seed, "-", "-", "-", "-", "-", "-", "-", "-", seconds, end));
    }

    private static String text(int number) {
        return Integer.toString(number);
    }
}
