package io.postmesh.lab.dns;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.xbill.DNS.Master;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/// What the name server knows: records by name, and which names misbehave. Immutable.
///
/// Names without a final dot are taken as whole names: `one.test MX 10 mx.one.test`.
final class Zone {
    private static final int TTL = 60;

    private final Map<Name, List<Record>> records = new HashMap<>();
    private final Set<Name> existing = new HashSet<>();
    private final Map<Name, DnsFault> faults = new HashMap<>();

    private Zone() {}

    /// @throws IllegalArgumentException with the parser's words when a line is not a zone line
    static Zone parse(String text) {
        var zone = new Zone();
        var lines = new StringBuilder();
        for (var line : text.split("\r?\n", -1)) {
            var words = line.strip().split("\\s+");
            boolean fault = words.length == 3 && words[1].equalsIgnoreCase("FAULT");
            if (fault) zone.addFault(words[0], words[2]);
            lines.append(fault ? "" : line).append('\n'); // the parser keeps counting lines
        }
        zone.addRecords(lines.toString());
        return zone;
    }

    Optional<DnsFault> fault(Name name) {
        return Optional.ofNullable(faults.get(name));
    }

    /// Whether the name or something below it has records (RFC 4592 §2.2.2: an empty name in between exists, too).
    boolean exists(Name name) {
        return existing.contains(name) || !wildcard(name).isEmpty();
    }

    /// The records of this type, or the alias that takes their place.
    List<Record> find(Name name, int type) {
        var all = existing.contains(name) ? records.getOrDefault(name, List.of()) : wildcard(name);
        var found = ofType(all, type);
        return found.isEmpty() ? ofType(all, Type.CNAME) : found;
    }

    // The closest name that exists decides, nothing above it (RFC 4592 §3.3.1).
    private List<Record> wildcard(Name name) {
        for (int up = 1; up < name.labels(); up++) {
            var encloser = new Name(name, up);
            if (!existing.contains(encloser) && !encloser.equals(Name.root)) continue;
            var found = records.getOrDefault(star(encloser), List.of());
            return found.stream()
                    .map(r -> Record.newRecord(name, r.getType(), r.getDClass(), r.getTTL(), r.rdataToWireCanonical()))
                    .toList();
        }
        return List.of();
    }

    private static Name star(Name encloser) {
        return name(encloser.equals(Name.root) ? "*." : "*." + encloser);
    }

    private static List<Record> ofType(List<Record> all, int type) {
        return all.stream().filter(r -> type == Type.ANY || r.getType() == type).toList();
    }

    private void addRecords(String lines) {
        try (var master = new Master(new ByteArrayInputStream(lines.getBytes(UTF_8)), Name.root, TTL)) {
            for (var record = master.nextRecord(); record != null; record = master.nextRecord()) add(record);
        } catch (IOException e) {
            throw new IllegalArgumentException("zone: " + e.getMessage(), e);
        }
    }

    private void add(Record record) {
        records.computeIfAbsent(record.getName(), _ -> new ArrayList<>()).add(record);
        for (int up = 0; up < record.getName().labels(); up++) existing.add(new Name(record.getName(), up));
    }

    private void addFault(String name, String word) {
        try {
            faults.put(name(name), DnsFault.valueOf(word.toUpperCase(Locale.ROOT)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "zone: not a fault: " + word + "; known: " + List.of(DnsFault.values()), e);
        }
    }

    static Name name(String text) {
        try {
            return Name.fromString(text, Name.root);
        } catch (TextParseException e) {
            throw new IllegalArgumentException("zone: not a name: " + text, e);
        }
    }
}
