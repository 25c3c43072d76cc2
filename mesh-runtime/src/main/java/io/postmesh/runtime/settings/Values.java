package io.postmesh.runtime.settings;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// The forms a value may take. Each complaint says what to write instead.
final class Values {
    private static final String BYTES = "write a size such as 512KiB, 25MiB or 26214400";
    private static final String DURATION = "write a time such as 250ms, 30s, 5m, 4h or 5d";

    private Values() {}

    static boolean flag(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on", "1" -> true;
            case "false", "no", "off", "0" -> false;
            default -> throw new IllegalArgumentException("write true or false");
        };
    }

    static int count(String text, int min, int max) {
        var complaint = "write a whole number between " + min + " and " + max;
        long number = number(text, complaint);
        if (number < min || number > max) throw new IllegalArgumentException(complaint);
        return (int) number;
    }

    static long bytes(String text) {
        int unit = unitStart(text);
        long factor = switch (text.substring(unit).strip().toLowerCase(Locale.ROOT)) {
            case "", "b" -> 1;
            case "kib" -> 1L << 10;
            case "mib" -> 1L << 20;
            case "gib" -> 1L << 30;
            default -> throw new IllegalArgumentException(BYTES);
        };
        return times(number(text.substring(0, unit), BYTES), factor, BYTES);
    }

    static Duration duration(String text) {
        int unit = unitStart(text);
        long millis = switch (text.substring(unit).strip().toLowerCase(Locale.ROOT)) {
            case "ms" -> 1;
            case "s" -> 1_000;
            case "m" -> 60_000;
            case "h" -> 3_600_000;
            case "d" -> 86_400_000;
            default -> throw new IllegalArgumentException(DURATION);
        };
        return Duration.ofMillis(times(number(text.substring(0, unit), DURATION), millis, DURATION));
    }

    static List<String> list(String text) {
        return Arrays.stream(text.split("[\\s,]+", -1))
                .filter(item -> !item.isEmpty())
                .toList();
    }

    private static int unitStart(String text) {
        int i = 0;
        while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') i++;
        return i;
    }

    private static long number(String digits, String complaint) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(complaint, e);
        }
    }

    private static long times(long number, long factor, String complaint) {
        try {
            return Math.multiplyExact(number, factor);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(complaint, e);
        }
    }
}
