package io.postmesh.delivery.lane;

import io.postmesh.mail.Domain;
import io.postmesh.runtime.redis.Rate;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// How many mails a destination gets in a time, from all workers together.
///
/// @param others of every destination that is not named; empty: no limit
public record DestinationRates(Map<String, Rate> named, Optional<Rate> others) {
    public static final DestinationRates NONE = new DestinationRates(Map.of(), Optional.empty());

    public DestinationRates {
        named = Map.copyOf(named);
    }

    public Optional<Rate> of(String destination) {
        return Optional.ofNullable(named.get(destination)).or(() -> others);
    }

    /// `50/s`, `gmail.com=20/s`, or both: `50/s, gmail.com=20/s example.org=600/h+100`.
    public static DestinationRates parse(String text) {
        var named = new HashMap<String, Rate>();
        Optional<Rate> others = Optional.empty();
        for (var item : text.split("[\\s,]+")) {
            if (item.isEmpty()) continue;
            int is = item.indexOf('=');
            var rate = Rate.parse(item.substring(is + 1));
            boolean twice = is < 0 ? others.isPresent() : named.put(destination(item.substring(0, is)), rate) != null;
            if (twice) throw new IllegalArgumentException("'" + item + "' is the second rate for the same mail");
            if (is < 0) others = Optional.of(rate);
        }
        return new DestinationRates(named, others);
    }

    /// Postfix' way to say it: so long from one delivery to the next. `0s` is no limit; a plain number is seconds.
    public static DestinationRates delay(Duration between) {
        if (between.isZero()) return NONE;
        return new DestinationRates(Map.of(), Optional.of(new Rate(1, between, 1)));
    }

    // The queues of delivery have the name of the recipients' domain, or this one where a relay takes all mail.
    private static String destination(String name) {
        return Domain.parse(name)
                .map(Domain::name)
                .orElseThrow(() -> new IllegalArgumentException("'" + name + "' is no domain; write example.com=20/s"));
    }
}
