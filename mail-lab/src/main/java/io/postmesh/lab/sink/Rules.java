package io.postmesh.lab.sink;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// Misbehaviour by domain, or by the address the client came to, and stage. May change while the sink runs; the first
/// matching rule wins.
public final class Rules {
    private static final int FOREVER = Integer.MAX_VALUE;

    private final List<Rule> rules = new CopyOnWriteArrayList<>();

    /// Adds `<domain, address or *> <STAGE> [first <n>] <behaviour>`: `busy.test RCPT first 2 450 4.2.0 Not now`,
    /// `127.1.0.5 EHLO drop`, `* CONNECT 421 4.3.2 Closed`, `black-hole.test DOT silence`.
    public void add(String line) {
        var words = line.strip().split("\\s+", 3);
        if (words.length < 3) throw new IllegalArgumentException("a rule is <domain> <STAGE> <behaviour>: " + line);
        var behaviour = words[2];
        int times = FOREVER;
        if (behaviour.matches("first [0-9]{1,6} .+")) {
            var parts = behaviour.split(" ", 3);
            times = Integer.parseInt(parts[1]);
            behaviour = parts[2];
        }
        add(words[0], stage(words[1]), times, Fault.parse(behaviour));
    }

    public void add(String domain, Stage stage, Fault fault) {
        add(domain, stage, FOREVER, fault);
    }

    public void add(String domain, Stage stage, int times, Fault fault) {
        rules.add(new Rule(domain.toLowerCase(Locale.ROOT), stage, fault, new AtomicInteger(times)));
    }

    public void clear() {
        rules.clear();
    }

    /// The fault for this moment, used up once where the rule counts.
    Optional<Fault> take(Stage stage, String domain, String door) {
        for (var rule : rules) {
            if ((rule.matches(stage, domain) || rule.matches(stage, door)) && rule.take())
                return Optional.of(rule.fault());
        }
        return Optional.empty();
    }

    private static Stage stage(String word) {
        try {
            return Stage.valueOf(word.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("not a stage: " + word + "; known: " + List.of(Stage.values()), e);
        }
    }

    private record Rule(String domain, Stage stage, Fault fault, AtomicInteger left) {
        boolean matches(Stage at, String name) {
            return stage == at && (domain.equals("*") || domain.equals(name));
        }

        boolean take() {
            return left.get() == FOREVER || left.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
        }
    }
}
