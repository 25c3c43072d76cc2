package io.postmesh.lab.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What a row did and found: its own gates, beside the [Bar]s over the counts.
public final class Notebook {
    private final List<Injection> injections = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final List<String> missed = new ArrayList<>();
    private final List<String> late = new ArrayList<>();
    private final Map<String, Duration> longest = new HashMap<>();

    Notebook() {}

    /// A gate that is held or not.
    public void check(String what, boolean held) {
        if (!held) missed.add(what);
    }

    /// A gate of speed: a busy machine misses it without a fault of the mesh.
    public void pace(String what, boolean held) {
        if (!held) late.add(what);
    }

    /// A gate of time: the longest is told; more than the limit is late.
    public void measured(String what, Duration took, Duration atMost) {
        longest.merge(what, took, (one, other) -> one.compareTo(other) > 0 ? one : other);
        pace(what + " after " + seconds(took) + ", not " + atMost.toSeconds() + " s", took.compareTo(atMost) <= 0);
    }

    /// A sentence for the table.
    public void note(String text) {
        notes.add(text);
    }

    void done(Injection harm) {
        injections.add(harm);
    }

    List<Injection> injections() {
        return List.copyOf(injections);
    }

    List<String> missed() {
        return List.copyOf(missed);
    }

    List<String> late() {
        return List.copyOf(late);
    }

    List<String> notes() {
        var all = new ArrayList<>(notes);
        longest.forEach((what, time) -> all.add(what + " " + seconds(time)));
        return all;
    }

    static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1e3);
    }
}
