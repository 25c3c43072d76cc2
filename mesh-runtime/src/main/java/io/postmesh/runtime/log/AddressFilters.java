package io.postmesh.runtime.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postmesh.runtime.settings.Secret;
import java.net.URLDecoder;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads `filter?option=value&option=value`, percent-encoded, as boky/postfix has it.
final class AddressFilters {
    private static final String WHICH =
            "write smart, paranoid, hash?salt=... or noop, with options such as smart?mask_symbol=%23; 0 for none";
    private static final String SYMBOL = "mask_symbol";
    private static final String SALT = "salt";
    private static final String PREFIX = "prefix";
    private static final String SUFFIX = "suffix";
    private static final String SPLIT = "split";
    private static final String SHORT = "short_sha";
    private static final String CASED = "case_sensitive";
    // They stand in a line as often as addresses, and as their characters, do.
    private static final int LONGEST = 16;
    private static final int LONGEST_SYMBOL = 4;

    private AddressFilters() {}

    static Optional<AddressFilter> parse(String text) {
        int mark = text.indexOf('?');
        var name = mark < 0 ? text : text.substring(0, mark);
        var given = mark < 0 ? Map.<String, String>of() : options(text.substring(mark + 1));
        return switch (name.strip().toLowerCase(Locale.ROOT)) {
            case "0", "n", "no", "f", "false", "off", "noop" -> none(given);
            case "1", "y", "yes", "t", "true", "on", "default", "smart" ->
                Optional.of(new AddressFilter.Smart(symbol(given)));
            case "paranoid" -> Optional.of(new AddressFilter.Paranoid(symbol(given)));
            case "hash" -> Optional.of(hash(given));
            default ->
                throw new IllegalArgumentException(
                        "'" + name + "' is no filter, and classes of Python are not loaded here; " + WHICH);
        };
    }

    private static Optional<AddressFilter> none(Map<String, String> given) {
        known(given, Set.of());
        return Optional.empty();
    }

    private static String symbol(Map<String, String> given) {
        known(given, Set.of(SYMBOL));
        var symbol = given.getOrDefault(SYMBOL, "*");
        boolean hides = !symbol.isEmpty()
                && symbol.length() <= LONGEST_SYMBOL
                && symbol.chars().allMatch(AddressFilters::hides);
        if (!hides)
            throw new IllegalArgumentException(SYMBOL + ": write one to " + LONGEST_SYMBOL
                    + " characters that no address is made of, such as * or %23");
        return symbol;
    }

    private static boolean hides(int c) {
        return c > ' ' && c < 0x7f && !Character.isLetterOrDigit(c) && "@.-\"<>,\\".indexOf(c) < 0;
    }

    private static AddressFilter hash(Map<String, String> given) {
        known(given, Set.of(SALT, PREFIX, SUFFIX, SPLIT, SHORT, CASED));
        var salt = given.getOrDefault(SALT, "");
        if (salt.isEmpty())
            throw new IllegalArgumentException(
                    "the filter hash needs a salt that nobody else knows: write hash?salt=...");
        return new AddressFilter.Hash(
                new Secret(salt),
                around(given, PREFIX),
                around(given, SUFFIX),
                truth(given, SPLIT, false),
                truth(given, SHORT, false),
                truth(given, CASED, true));
    }

    private static String around(Map<String, String> given, String option) {
        var text = given.getOrDefault(option, "");
        if (text.length() > LONGEST || !text.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '"'))
            throw new IllegalArgumentException(
                    option + ": write at most " + LONGEST + " visible ASCII characters, no quote");
        return text;
    }

    private static boolean truth(Map<String, String> given, String option, boolean otherwise) {
        if (!given.containsKey(option)) return otherwise;
        return switch (given.getOrDefault(option, "").toLowerCase(Locale.ROOT)) {
            case "y", "yes", "t", "true", "1" -> true;
            case "n", "no", "f", "false", "0" -> false;
            default -> throw new IllegalArgumentException(option + ": write true or false");
        };
    }

    private static void known(Map<String, String> given, Set<String> known) {
        for (var option : given.keySet())
            if (!known.contains(option))
                throw new IllegalArgumentException("this filter has no option '" + option + "'"
                        + (known.isEmpty() ? "" : "; it has " + sorted(known)));
    }

    private static String sorted(Set<String> known) {
        return String.join(", ", known.stream().sorted().toList());
    }

    // Of an option that is given twice the first one counts.
    private static Map<String, String> options(String text) {
        var options = new LinkedHashMap<String, String>();
        for (var option : text.split("&", -1)) {
            int is = option.indexOf('=');
            if (is < 1) throw new IllegalArgumentException("write options as name=value&name=value, percent-encoded");
            options.putIfAbsent(decoded(option.substring(0, is)), decoded(option.substring(is + 1)));
        }
        return options;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, UTF_8);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("an option is not percent-encoded: write %25 for a percent sign", e);
        }
    }
}
