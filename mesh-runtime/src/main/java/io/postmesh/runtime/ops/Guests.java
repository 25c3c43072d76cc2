package io.postmesh.runtime.ops;

import java.util.HashMap;
import java.util.Map;

/// Who is on the port of the probes. One address has a part of the places, so that prober, Prometheus and a person find
/// one; this host has places of its own, so that no stranger keeps its probe out.
final class Guests {
    static final int ALL = 100;
    static final int OF_ONE = 10; // each stays for one answer

    private final Map<String, Integer> strangers = new HashMap<>();
    private final Map<String, Integer> thisHost = new HashMap<>();

    /// @param from the address of who comes
    /// @param to ours that was asked
    /// @return whether there is a place; who has one must leave
    boolean enter(String from, String to) {
        var room = room(from, to);
        if (room.getOrDefault(from, 0) == OF_ONE || sum(room) == ALL) return false;
        room.merge(from, 1, Integer::sum);
        return true;
    }

    void leave(String from, String to) {
        room(from, to).computeIfPresent(from, (_, places) -> places == 1 ? null : places - 1);
    }

    // A host that asks itself at an address of its own comes from that address.
    private Map<String, Integer> room(String from, String to) {
        return from.startsWith("127.") || from.equals(to) ? thisHost : strangers;
    }

    private static int sum(Map<String, Integer> room) {
        return room.values().stream().mapToInt(Integer::intValue).sum();
    }
}
