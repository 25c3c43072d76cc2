package io.postmesh.runtime.kafka;

import static io.postmesh.runtime.kafka.KafkaSettings.utf8;

import io.postmesh.contract.Topics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/// A record nobody can handle: its raw bytes, and where and why it was put away.
public final class Quarantine {
    private static final int ROOM_FOR_HEADERS = 64 << 10;
    private static final int MOST_KEY = 1 << 10;

    private Quarantine() {}

    public static OutRecord of(InRecord record, String stage, String reason) {
        var value = record.value() == null ? new byte[0] : record.value();
        var headers = new ArrayList<Header>();
        headers.add(header("reason", reason.length() > 1000 ? reason.substring(0, 1000) : reason));
        headers.add(header("topic", record.topic().topic()));
        headers.add(header("partition", Integer.toString(record.partition())));
        headers.add(header("offset", Long.toString(record.offset())));
        headers.add(header("stage", stage));
        var key = fittingKey(record.key(), headers);
        return new OutRecord(Topics.QUARANTINE, null, key, fitting(value, headers), List.copyOf(headers));
    }

    /// No writer of ours gets near the limit. A stranger's record does not stop the stage: its head is kept here, the
    /// whole stays where the headers say until it is trimmed.
    private static byte[] fitting(byte[] value, List<Header> headers) {
        int most = KafkaSettings.MAX_MESSAGE - ROOM_FOR_HEADERS;
        if (value.length <= most) return value;
        headers.add(header("truncated", Integer.toString(value.length)));
        return Arrays.copyOf(value, most);
    }

    private static byte @Nullable [] fittingKey(byte @Nullable [] key, List<Header> headers) {
        if (key == null || key.length <= MOST_KEY) return key;
        headers.add(header("key-truncated", Integer.toString(key.length)));
        return Arrays.copyOf(key, MOST_KEY);
    }

    private static Header header(String name, String value) {
        return new RecordHeader(name, utf8(value));
    }
}
