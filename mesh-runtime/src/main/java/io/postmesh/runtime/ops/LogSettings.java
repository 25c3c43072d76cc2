package io.postmesh.runtime.ops;

import io.postmesh.runtime.log.AddressFilter;
import io.postmesh.runtime.settings.Settings;
import java.nio.file.Path;
import java.util.Optional;

/// Where log lines go, and how they look.
///
/// @param file      not set: standard output
/// @param addresses what a line shows of a mail address; empty: all of it
public record LogSettings(Format format, Optional<Path> file, Level level, Optional<AddressFilter> addresses) {
    static final String FILE = "POSTMESH_LOG_FILE";

    private static final String FORMAT = "POSTMESH_LOG_FORMAT";
    private static final String BOKY_FORMAT = "LOG_FORMAT";
    private static final String ANONYMIZE = "ANONYMIZE_EMAILS";

    /// For machines or for people; ours, or as boky/postfix has it.
    public enum Format {
        JSON,
        PLAIN,
        BOKY_JSON,
        BOKY_PLAIN
    }

    private enum Choice {
        JSON,
        PLAIN
    }

    /// Of our own lines; libraries speak from `WARN` on.
    public enum Level {
        DEBUG,
        INFO,
        WARN
    }

    public static LogSettings from(Settings s) {
        return new LogSettings(
                format(s),
                s.optional(FILE, Path::of),
                s.parsed("POSTMESH_LOG_LEVEL", "info", text -> constant(Level.class, text)),
                addresses(s));
    }

    // It may hold a salt, so it is shown nowhere.
    private static Optional<AddressFilter> addresses(Settings s) {
        return s.secret(ANONYMIZE).flatMap(given -> {
            try {
                return AddressFilter.parse(given.reveal());
            } catch (IllegalArgumentException e) {
                s.problem(ANONYMIZE, String.valueOf(e.getMessage()));
                return Optional.empty();
            }
        });
    }

    // Whoever comes from boky/postfix has readers of its lines.
    private static Format format(Settings s) {
        var ours = s.parsed(FORMAT, "plain", text -> constant(Choice.class, text));
        var boky = s.optional(BOKY_FORMAT, text -> constant(Choice.class, text));
        if (s.isSet(FORMAT) && s.isSet(BOKY_FORMAT))
            s.problem(BOKY_FORMAT, "says the same as " + FORMAT + " in boky/postfix's way; remove one of them");
        if (boky.isPresent()) return boky.get() == Choice.JSON ? Format.BOKY_JSON : Format.BOKY_PLAIN;
        return ours == Choice.JSON ? Format.JSON : Format.PLAIN;
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String text) {
        for (var constant : type.getEnumConstants()) {
            if (constant.name().equalsIgnoreCase(text)) return constant;
        }
        throw new IllegalArgumentException("write one of "
                + java.util.Arrays.toString(type.getEnumConstants()).toLowerCase(java.util.Locale.ROOT));
    }
}
