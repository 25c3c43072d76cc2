package io.postmesh.runtime.ops;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The forms in which `/metrics` is told. OpenMetrics has the exemplars; whoever does not ask for it gets the classic
/// one.
enum Exposition {
    CLASSIC("text/plain; version=0.0.4; charset=utf-8"),
    OPEN_METRICS("application/openmetrics-text; version=1.0.0; charset=utf-8");

    final String contentType;

    Exposition(String contentType) {
        this.contentType = contentType;
    }

    /// What an `Accept` field prefers (RFC 9110 §12.5.1). Two that are liked equally: OpenMetrics, when it is named.
    static Exposition of(@Nullable String accept) {
        if (accept == null) return CLASSIC;
        double open = weight(accept, "application/openmetrics-text");
        double classic = Math.max(weight(accept, "text/plain"), weight(accept, "*/*"));
        return open > 0 && open >= classic ? OPEN_METRICS : CLASSIC;
    }

    private static double weight(String accept, String type) {
        return Arrays.stream(accept.toLowerCase(Locale.ROOT).split(","))
                .map(range -> range.split(";", -1))
                .filter(range -> range[0].strip().equals(type))
                .mapToDouble(Exposition::quality)
                .max()
                .orElse(0);
    }

    private static double quality(String[] range) {
        for (var parameter : range) {
            var text = parameter.strip();
            if (!text.startsWith("q=")) continue;
            try {
                return Double.parseDouble(text.substring(2));
            } catch (NumberFormatException e) {
                return 0;
            }
        }
        return 1;
    }
}
