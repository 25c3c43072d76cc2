package io.postmesh.runtime.ops;

import io.postmesh.runtime.settings.Settings;
import java.nio.file.Path;
import java.util.Optional;

/// Where log lines go, and how they look.
///
/// @param file not set: standard output
public record LogSettings(Format format, Optional<Path> file, Level level) {
    static final String FILE = "POSTMESH_LOG_FILE";

    /// For machines or for people.
    public enum Format {
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
                s.parsed("POSTMESH_LOG_FORMAT", "plain", text -> constant(Format.class, text)),
                s.optional(FILE, Path::of),
                s.parsed("POSTMESH_LOG_LEVEL", "info", text -> constant(Level.class, text)));
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String text) {
        for (var constant : type.getEnumConstants()) {
            if (constant.name().equalsIgnoreCase(text)) return constant;
        }
        throw new IllegalArgumentException("write one of "
                + java.util.Arrays.toString(type.getEnumConstants()).toLowerCase(java.util.Locale.ROOT));
    }
}
