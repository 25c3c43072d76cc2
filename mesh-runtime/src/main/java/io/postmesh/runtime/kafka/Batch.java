package io.postmesh.runtime.kafka;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/// Records that are committed together, in the order they were read.
final class Batch {
    /// A batch stops growing here. What one poll brings on top is bounded by the same number.
    static final long MOST_BYTES = 8L << 20;

    private final List<Work> works = new ArrayList<>();
    private long bytes;

    void add(Work work) {
        works.add(work);
        bytes += work.size();
    }

    boolean isEmpty() {
        return works.isEmpty();
    }

    int size() {
        return works.size();
    }

    long bytes() {
        return bytes;
    }

    List<Work> works() {
        return works;
    }

    /// Partitions that went to another member take their records along.
    void drop(Collection<TopicPartition> partitions) {
        dropIf(work -> partitions.contains(work.from));
    }

    /// Keeps, of each named partition, only what lies before the offset.
    void cut(Map<TopicPartition, Long> before) {
        dropIf(work -> {
            var limit = before.get(work.from);
            return limit != null && work.record.offset() >= limit;
        });
    }

    private void dropIf(Predicate<Work> unwanted) {
        works.removeIf(work -> {
            boolean gone = unwanted.test(work);
            if (gone) {
                work.drop();
                bytes -= work.size();
            }
            return gone;
        });
    }

    /// Takes off the end what would make this batch write more than so many octets; at least one work stays.
    Batch cutOff(long mostOutput) {
        var rest = new Batch();
        long output = 0;
        int kept = 0;
        for (var work : works) {
            output += work.outputSize();
            if (kept > 0 && output > mostOutput) break;
            kept++;
        }
        var end = works.subList(kept, works.size());
        end.forEach(rest::add);
        bytes -= rest.bytes;
        end.clear();
        return rest;
    }

    void dropAll() {
        works.forEach(Work::drop);
        works.clear();
        bytes = 0;
    }

    /// Where reading goes on after this batch.
    Map<TopicPartition, OffsetAndMetadata> offsets() {
        var offsets = new HashMap<TopicPartition, OffsetAndMetadata>();
        for (var work : works) {
            var record = work.record;
            offsets.put(work.from, new OffsetAndMetadata(record.offset() + 1, record.leaderEpoch(), ""));
        }
        return offsets;
    }
}
