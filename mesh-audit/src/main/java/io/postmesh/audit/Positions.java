package io.postmesh.audit;

import io.postmesh.contract.Reader;
import io.postmesh.contract.Topics;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/// Where everything stood, taken in flow order (LEDGER L23): what has left a place by the time we look at it is found
/// further down, as we look there later.
///
/// @param ends of topics; nothing at or above one is read
/// @param done committed positions; a reader without a commit has done nothing
record Positions(Map<Topics, Map<TopicPartition, Long>> ends, Map<Reader, Map<TopicPartition, Long>> done) {

    static Positions take(Shelves shelves) throws IOException {
        var ends = new EnumMap<Topics, Map<TopicPartition, Long>>(Topics.class);
        var done = new EnumMap<Reader, Map<TopicPartition, Long>>(Reader.class);
        ends.put(Topics.ACCEPTED, shelves.ends(Topics.ACCEPTED));
        done.put(Reader.POLICY, shelves.done(Reader.POLICY));
        ends.put(Topics.CLEARED, shelves.ends(Topics.CLEARED));
        done.put(Reader.SIGNER, shelves.done(Reader.SIGNER));
        ends.put(Topics.SIGNED, shelves.ends(Topics.SIGNED));
        done.put(Reader.DELIVERY, shelves.done(Reader.DELIVERY));
        ends.put(Topics.QUARANTINE, shelves.ends(Topics.QUARANTINE));
        ends.put(Topics.CONTROL, shelves.ends(Topics.CONTROL));
        ends.put(Topics.WAITING, shelves.ends(Topics.WAITING));
        ends.put(Topics.OUTCOMES, shelves.ends(Topics.OUTCOMES)); // last: a state goes only after its outcome came
        return new Positions(ends, done);
    }

    Map<TopicPartition, Long> ends(Topics topic) {
        return ends.getOrDefault(topic, Map.of());
    }

    /// Whether the stage that reads this topic has not committed the record yet.
    boolean isOpen(Reader reader, TopicPartition where, long offset) {
        return offset >= done.getOrDefault(reader, Map.of()).getOrDefault(where, 0L);
    }

    Map<TopicPartition, Long> done(Reader reader) {
        return done.getOrDefault(reader, Map.of());
    }
}
