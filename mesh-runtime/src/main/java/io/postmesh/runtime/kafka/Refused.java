package io.postmesh.runtime.kafka;

import java.util.Optional;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SslAuthenticationException;

/// Kafka does not let us in, or not do something: no time mends that. In words for whoever can.
public final class Refused {
    private Refused() {}

    /// @return what to tell the operator; empty when it is something else
    public static Optional<String> in(Throwable problem) {
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case SslAuthenticationException tls -> {
                    return Optional.of(ClientFile.why(tls)
                            + "; check POSTMESH_KAFKA_CA, POSTMESH_KAFKA_CERTIFICATE and what this listener speaks");
                }
                case AuthenticationException login -> {
                    return Optional.of(
                            ClientFile.why(login) + "; check POSTMESH_KAFKA_USER, its password and its mechanism");
                }
                case AuthorizationException right -> {
                    return Optional.of(
                            ClientFile.why(right) + "; what each service needs is in docs/operations.md, Kafka rights");
                }
                default -> {} // a wrapping
            }
        }
        return Optional.empty();
    }
}
