package io.postmesh.local;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// The services of the mesh, each of which can be a process of its own.
enum ServiceKind {
    INGRESS(8081, 29_000), // 20 s for messages in progress, and their answers
    POLICY(8082, 9_500), // `docker stop` kills after 10 s
    SIGNER(8083, 9_500),
    DELIVERY(8084, 74_000); // 60 s for what is past its dot (LEDGER L14), and the hand-over before that

    private final int http;
    private final Duration stop;

    ServiceKind(int http, int stopMillis) {
        this.http = http;
        this.stop = Duration.ofMillis(stopMillis);
    }

    /// How long a stop may take before it is cut short.
    Duration stop() {
        return stop;
    }

    static Optional<ServiceKind> named(String text) {
        return Arrays.stream(values())
                .filter(kind -> kind.name().equalsIgnoreCase(text))
                .findFirst();
    }

    /// Where its management server listens by default: one of each kind finds its place on a host.
    String http() {
        return "127.0.0.1:" + http;
    }

    static final class Parser implements ITypeConverter<ServiceKind> {
        @Override
        public ServiceKind convert(String text) {
            return named(text)
                    .orElseThrow(() -> new TypeConversionException("there is no service '" + text + "', only "
                            + Arrays.stream(values()).map(ServiceKind::toString).collect(Collectors.joining(", "))));
        }
    }

    /// As it is written on the command line.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
