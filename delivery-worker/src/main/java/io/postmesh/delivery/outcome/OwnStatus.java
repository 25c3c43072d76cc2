package io.postmesh.delivery.outcome;

import io.postmesh.contract.Reason;
import io.postmesh.mail.EnhancedStatus;

/// The status code of a failure that was found here, not said by a remote (RFC 3463 §3).
public final class OwnStatus {
    private OwnStatus() {}

    public static EnhancedStatus permanent(Reason reason) {
        return of(5, reason);
    }

    public static EnhancedStatus persistentTransient(Reason reason) {
        return of(4, reason);
    }

    private static EnhancedStatus of(int klass, Reason reason) {
        return switch (reason) {
            case NO_SUCH_DOMAIN -> new EnhancedStatus(klass, 1, 2);
            case NULL_MX -> new EnhancedStatus(klass, 1, 10); // RFC 7505 §4.2
            case TOO_LARGE -> new EnhancedStatus(klass, 3, 4);
            case CONNECT -> new EnhancedStatus(klass, 4, 1);
            case LOST_CONNECTION, TIMEOUT -> new EnhancedStatus(klass, 4, 2);
            case DNS -> new EnhancedStatus(klass, 4, 3);
            case NO_HOST -> new EnhancedStatus(klass, 4, 4);
            case EXPIRED -> new EnhancedStatus(klass, 4, 7);
            case PROTOCOL -> new EnhancedStatus(klass, 5, 0);
            case NEEDS_8BITMIME -> new EnhancedStatus(klass, 6, 3);
            case NEEDS_SMTPUTF8 -> new EnhancedStatus(klass, 6, 7); // RFC 6531 §3.5
            case LIMIT, HELD, SUSPENDED, CANCELLED, BOUNCED, POLICY, GREYLISTED -> new EnhancedStatus(klass, 7, 1);
            case TLS -> new EnhancedStatus(klass, 7, 4);
            case AUTH -> new EnhancedStatus(klass, 7, 8); // RFC 4954 §6
            case BLOB_MISSING, BLOB_DAMAGED, INTERNAL, SHUTDOWN, CANNOT_START, QUARANTINED ->
                new EnhancedStatus(klass, 3, 0);
            case DESTINATION_RESTS -> new EnhancedStatus(klass, 4, 5);
            // A remote that said no without a code of its own gave no ground; ours must not invent one (RFC 3463 §3.1).
            case DELIVERED, REFUSED, PUT_OFF, DUPLICATE -> new EnhancedStatus(klass, 0, 0);
        };
    }
}
