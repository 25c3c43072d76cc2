package io.postmesh.lab.faults;

import io.postmesh.lab.cluster.Cluster;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// What `./postmesh audit` says of the mesh, a second judge beside ours: it knows Kafka alone, we know the
/// wire alone.
record AuditSheet(Map<String, Long> sums, String text) {
    private static final Pattern LINE = Pattern.compile("(?m)^ *(\\d+)  (.{12}) ");
    private static final List<String> ON_THEIR_WAY = List.of("to judge", "to sign", "to deliver", "waiting");
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    /// Before there was any mail.
    static final AuditSheet EMPTY = new AuditSheet(Map.of(), "");

    AuditSheet {
        sums = Map.copyOf(sums);
    }

    /// @param environment more of it: another clock, say
    static AuditSheet of(Cluster cluster, Map<String, String> environment) throws IOException {
        var command = cluster.command("audit", "--since", "23h");
        command.environment().putAll(environment);
        return parse(Shell.ended(PATIENCE, command).output());
    }

    static AuditSheet parse(String text) throws IOException {
        var sums = new TreeMap<String, Long>();
        var lines = LINE.matcher(text);
        while (lines.find()) sums.put(lines.group(2).strip(), Long.parseLong(lines.group(1)));
        if (!sums.containsKey("missing")) throw new IOException("the audit could not be made: " + text.strip());
        return new AuditSheet(sums, text);
    }

    /// What each sum has grown by.
    Map<String, Long> since(AuditSheet before) {
        var grown = new TreeMap<String, Long>();
        sums.forEach((words, sum) -> grown.put(words, sum - before.sums.getOrDefault(words, 0L)));
        return grown;
    }

    long missing() {
        return sums.getOrDefault("missing", 0L);
    }

    /// Recipients who were attempted again after a worker had died over them.
    long inDoubt() {
        return sums.getOrDefault("in doubt", 0L);
    }

    /// Recipients of whom the ledger itself knows more than one 250: nothing explains those.
    long twice() {
        return sums.getOrDefault("twice", 0L);
    }

    long onTheirWay() {
        return ON_THEIR_WAY.stream()
                .mapToLong(place -> sums.getOrDefault(place, 0L))
                .sum();
    }
}
