package io.postmesh.delivery.owner;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.OptionalInt;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;

/// Which owner wrote a record of the ledger or of the waiting room (LEDGER L9): a number that rises from owner to
/// owner.
final class Epochs {
    private static final String HEADER = "epoch";

    private Epochs() {}

    static Header header(int epoch) {
        return new RecordHeader(HEADER, Integer.toString(epoch).getBytes(US_ASCII));
    }

    /// Empty when no owner wrote it.
    static OptionalInt of(Headers headers) {
        var header = headers.lastHeader(HEADER);
        if (header == null || header.value() == null) return OptionalInt.empty();
        try {
            return OptionalInt.of(Integer.parseInt(new String(header.value(), US_ASCII)));
        } catch (NumberFormatException notOurs) {
            return OptionalInt.empty();
        }
    }
}
