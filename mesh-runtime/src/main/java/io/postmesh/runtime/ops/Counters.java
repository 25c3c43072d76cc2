package io.postmesh.runtime.ops;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/// One counter for each constant of an enum: labels that strangers cannot invent.
public final class Counters<E extends Enum<E>> {
    private final Map<E, Counter> counters;

    private Counters(Map<E, Counter> counters) {
        this.counters = counters;
    }

    /// @param name  such as `postmesh_delivery_deferred_total`
    /// @param label such as `reason`
    /// @param help  what it means, and what to do when it moves
    public static <E extends Enum<E>> Counters<E> of(
            MeterRegistry meters, String name, String label, Class<E> type, String help) {
        return of(meters, name, Tags.empty(), label, type, help);
    }

    /// @param tags that all of them have
    public static <E extends Enum<E>> Counters<E> of(
            MeterRegistry meters, String name, Tags tags, String label, Class<E> type, String help) {
        var counters = new EnumMap<E, Counter>(type);
        for (var constant : type.getEnumConstants()) {
            counters.put(
                    constant,
                    Counter.builder(name)
                            .description(help)
                            .tags(tags)
                            .tag(label, constant.name().toLowerCase(Locale.ROOT))
                            .register(meters));
        }
        return new Counters<>(counters);
    }

    public void count(E constant) {
        count(constant, 1);
    }

    public void count(E constant, long n) {
        var counter = counters.get(constant);
        if (counter != null) counter.increment(n);
    }
}
