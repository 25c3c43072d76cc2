package io.postmesh.runtime.ops;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// Named checks. Live: restarting would not help. Ready: new work is welcome.
public final class Health {
    private final Map<String, Supplier<Optional<String>>> live = new ConcurrentHashMap<>();
    private final Map<String, Supplier<Optional<String>>> ready = new ConcurrentHashMap<>();

    /// @param trouble what is wrong; empty when all is well. Answers at once and never blocks
    public void live(String name, Supplier<Optional<String>> trouble) {
        live.put(name, trouble);
    }

    /// @param trouble what is wrong; empty when all is well. Answers at once and never blocks
    public void ready(String name, Supplier<Optional<String>> trouble) {
        ready.put(name, trouble);
    }

    public Report live() {
        return report(live);
    }

    /// What is not live is not ready.
    public Report ready() {
        var live = live();
        return live.ok() ? report(ready) : live;
    }

    /// @param troubles by check name
    public record Report(SortedMap<String, String> troubles) {
        public boolean ok() {
            return troubles.isEmpty();
        }
    }

    private static Report report(Map<String, Supplier<Optional<String>>> checks) {
        var troubles = new TreeMap<String, String>();
        checks.forEach((name, trouble) -> ask(trouble).ifPresent(what -> troubles.put(name, what)));
        return new Report(troubles);
    }

    /// A check that breaks is itself a trouble.
    private static Optional<String> ask(Supplier<Optional<String>> trouble) {
        try {
            return trouble.get();
        } catch (RuntimeException e) {
            return Optional.of("the check failed: " + e);
        }
    }
}
