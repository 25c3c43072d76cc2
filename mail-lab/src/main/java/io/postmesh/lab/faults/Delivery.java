package io.postmesh.lab.faults;

import java.time.Instant;
import java.util.List;

/// One copy of a message that the sink took.
///
/// @param number    of the sink, and the name of its file
/// @param at        when its final dot had come
/// @param answered  when the reply was written; [Instant#MAX] when it never was
/// @param intact    what was sent is what came, below the fields the mesh put before it
/// @param signed    every signature on it holds, and there is one
public record Delivery(
        long number,
        Instant at,
        Instant answered,
        String messageId,
        List<String> recipients,
        boolean intact,
        boolean signed) {
    static final Instant NEVER = Instant.MAX;

    public Delivery {
        recipients = List.copyOf(recipients);
    }

    /// The sink hung up instead of a reply: whoever sent it cannot know, and sends it once more.
    public boolean isUnheard() {
        return answered.equals(NEVER);
    }
}
