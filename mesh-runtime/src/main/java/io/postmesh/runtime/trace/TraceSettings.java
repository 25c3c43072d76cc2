package io.postmesh.runtime.trace;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postmesh.runtime.settings.Secret;
import io.postmesh.runtime.settings.Settings;
import java.net.URI;
import java.net.URLDecoder;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Where spans go. The names are OpenTelemetry's own, so that what sets them for other programs sets them here.
///
/// @param endpoint  empty: nowhere
/// @param headers   `name=value,name=value`, percent-encoded: what the receiver wants to see, a password mostly
/// @param timeout   of one export
/// @param service   `service.name`; empty: what the process is
/// @param resource  what else describes this process
public record TraceSettings(
        Optional<URI> endpoint,
        Optional<Secret> headers,
        Duration timeout,
        Optional<String> service,
        Map<String, String> resource) {

    private static final String BASE = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private static final String WHOLE = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
    private static final String HEADERS = "OTEL_EXPORTER_OTLP_HEADERS";

    public static final TraceSettings OFF =
            new TraceSettings(Optional.empty(), Optional.empty(), Duration.ofSeconds(10), Optional.empty(), Map.of());

    public static TraceSettings from(Settings s) {
        var endpoint = endpoint(s);
        if (s.flag("OTEL_SDK_DISABLED", false)) endpoint = Optional.empty();
        if (endpoint.isPresent()) s.optional("OTEL_EXPORTER_OTLP_PROTOCOL", TraceSettings::protocol);
        return new TraceSettings(
                endpoint,
                headers(s),
                Duration.ofMillis(s.count("OTEL_EXPORTER_OTLP_TIMEOUT", 10_000, 100, 60_000)),
                s.optionalText("OTEL_SERVICE_NAME"),
                s.optional("OTEL_RESOURCE_ATTRIBUTES", TraceSettings::pairs).orElse(Map.of()));
    }

    private static Optional<URI> endpoint(Settings s) {
        var base = s.optional(BASE, TraceSettings::uri).map(uri -> URI.create(withSlash(uri) + "v1/traces"));
        return s.optional(WHOLE, TraceSettings::uri).or(() -> base);
    }

    private static String withSlash(URI uri) {
        var text = uri.toString();
        return text.endsWith("/") ? text : text + "/";
    }

    private static URI uri(String text) {
        var uri = parsed(text);
        boolean fits = ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null;
        if (!fits)
            throw new IllegalArgumentException(
                    "is no endpoint; write http://HOST:PORT or https://HOST:PORT, such as http://collector:4318");
        return uri;
    }

    private static URI parsed(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            return URI.create("");
        }
    }

    private static String protocol(String text) {
        if (text.equals("http/protobuf")) return text;
        throw new IllegalArgumentException("only http/protobuf is spoken here, mostly on port 4318; remove this");
    }

    private static Optional<Secret> headers(Settings s) {
        var headers = s.secret(HEADERS);
        headers.ifPresent(given -> {
            try {
                pairs(given.reveal());
            } catch (IllegalArgumentException e) {
                s.problem(HEADERS, String.valueOf(e.getMessage()));
            }
        });
        return headers;
    }

    Map<String, String> headerFields() {
        return headers.map(secret -> pairs(secret.reveal())).orElse(Map.of());
    }

    // W3C Baggage without its properties, as OpenTelemetry's specification has it.
    private static Map<String, String> pairs(String text) {
        var pairs = new LinkedHashMap<String, String>();
        for (var item : text.split(",")) {
            if (item.isBlank()) continue;
            int at = item.indexOf('=');
            if (at < 1) throw new IllegalArgumentException("write name=value,name=value with %2C for a comma");
            pairs.put(
                    item.substring(0, at).strip(),
                    URLDecoder.decode(item.substring(at + 1).strip().replace("+", "%2B"), UTF_8));
        }
        return pairs;
    }
}
