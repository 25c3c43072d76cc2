package io.postmesh.runtime.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The blob stores that `mesh.config` names, in the order of the log, each with who published it.
final class StoreMarks {
    static final String KEY = "blobs/";

    private final Map<String, String> published = new LinkedHashMap<>();

    synchronized void take(InRecord record) {
        if (record.key() == null) return;
        var key = new String(record.key(), UTF_8);
        if (!key.startsWith(KEY)) return;
        var mark = key.substring(KEY.length());
        if (record.value() == null) published.remove(mark);
        else published.putIfAbsent(mark, new String(record.value(), UTF_8));
    }

    /// The one that counts.
    synchronized Optional<Map.Entry<String, String>> first() {
        return published.entrySet().stream().findFirst().map(Map.Entry::copyOf);
    }

    synchronized List<String> losers() {
        return published.keySet().stream().skip(1).toList();
    }
}
