package io.postmesh.delivery.waiting;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// How far an index knows its topic: what makes it a checkpoint (LEDGER L20).
///
/// @param topicId  of `mail.waiting`: a topic made anew has another one
/// @param position everything below it is in the index
/// @param epoch    of the owner who wrote it: it had heard whatever an earlier owner wrote in time
/// @param at       when all that was so
public record Mark(String topicId, long position, int epoch, Instant at) {
    private static final byte FORMAT = 1;
    private static final int HEAD = 1 + 8 + 4 + 8;

    /// A tombstone may be gone `retention` after it was written: who reads on from a mark as old as that would keep
    /// mail that left long ago. Half of it, so that the reading has the other half. A mark from the future tells
    /// of a clock that was set back: its age is not known.
    boolean isUsable(String topic, Duration retention, Instant now) {
        var age = Duration.between(at, now);
        return topicId.equals(topic) && !age.isNegative() && age.compareTo(retention.dividedBy(2)) < 0;
    }

    byte[] bytes() {
        var topic = topicId.getBytes(UTF_8);
        return ByteBuffer.allocate(HEAD + topic.length)
                .put(FORMAT)
                .putLong(position)
                .putInt(epoch)
                .putLong(at.toEpochMilli())
                .put(topic)
                .array();
    }

    static Optional<Mark> parse(byte[] bytes) {
        if (bytes.length < HEAD || bytes[0] != FORMAT) return Optional.empty();
        var in = ByteBuffer.wrap(bytes, 1, HEAD - 1);
        long position = in.getLong();
        int epoch = in.getInt();
        var at = Instant.ofEpochMilli(in.getLong());
        var topic = new String(bytes, HEAD, bytes.length - HEAD, UTF_8);
        return Optional.of(new Mark(topic, position, epoch, at));
    }
}
