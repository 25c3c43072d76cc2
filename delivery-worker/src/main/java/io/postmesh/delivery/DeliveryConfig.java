package io.postmesh.delivery;

import io.postmesh.delivery.lane.DestinationRates;
import io.postmesh.delivery.smtp.CarrierConfig;
import io.postmesh.delivery.waiting.RetrySchedule;
import io.postmesh.runtime.kafka.ReplayWindow;
import io.postmesh.runtime.settings.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// How mail is delivered, and how long that is tried.
///
/// @param index       of waiting mail: a folder in which each worker of the host has its own
/// @param connections to one destination at once
/// @param rates       of mails to one destination; these two are of all workers together
/// @param attempts    at once, all destinations together
/// @param buffer      octets of mail one partition may hold in memory
/// @param stopWithin  how long attempts past their dot may take when the process stops
/// @param replayWindow for how long records stay after everybody has committed them
public record DeliveryConfig(
        CarrierConfig carrier,
        RetrySchedule schedule,
        Path index,
        int connections,
        DestinationRates rates,
        int attempts,
        long buffer,
        Duration stopWithin,
        ReplayWindow replayWindow) {

    private static final String CONNECTIONS = "POSTMESH_DESTINATION_CONNECTIONS";
    private static final String POSTFIX_CONNECTIONS = "POSTFIX_default_destination_concurrency_limit";
    private static final String RATE = "POSTMESH_DESTINATION_RATE";
    private static final String POSTFIX_DELAY = "POSTFIX_smtp_destination_rate_delay";

    private static final String STOP = "2s"; // Ctrl-C is to end in 5 s
    private static final String STOP_AMONG_OTHERS = "60s"; // longer than nearly every remote takes for its answer

    /// For the only worker there is: nobody can take over from it, so it ends soon.
    ///
    /// @param data where the index of waiting mail lies, unless a setting says otherwise
    public static DeliveryConfig from(Settings s, Path data) {
        return from(s, data, STOP);
    }

    /// For one of several workers: what is past its dot is brought to its end (LEDGER L14).
    public static DeliveryConfig amongOthers(Settings s, Path data) {
        return from(s, data, STOP_AMONG_OTHERS);
    }

    private static DeliveryConfig from(Settings s, Path data, String stop) {
        return new DeliveryConfig(
                CarrierConfig.from(s),
                new RetrySchedule(
                        s.parsed("POSTMESH_RETRY_SCHEDULE", "1m,5m,15m,30m,1h,2h,4h", DeliveryConfig::waits),
                        s.duration("POSTMESH_MESSAGE_LIFETIME", "5d")), // RFC 5321 §4.5.4.1: at least 4 to 5 days
                s.parsed("POSTMESH_WAITING_INDEX", data.resolve("waiting").toString(), Path::of), // LEDGER L20
                connections(s),
                rates(s),
                s.count("POSTMESH_DELIVERY_ATTEMPTS", 500, 1, 20_000), // one slow remote holds one of them
                s.bytes("POSTMESH_DELIVERY_BUFFER", "8MiB", 1 << 20, 1L << 30), // 2,000 usual mails on four partitions
                s.duration("POSTMESH_DELIVERY_STOP", stop),
                ReplayWindow.from(s));
    }

    private static int connections(Settings s) {
        int connections = s.count(CONNECTIONS, 10, 1, 1_000); // what the big providers bear
        if (!s.isSet(POSTFIX_CONNECTIONS)) return connections;
        onlyOne(s, CONNECTIONS, POSTFIX_CONNECTIONS);
        return s.count(POSTFIX_CONNECTIONS, connections, 1, 1_000);
    }

    private static DestinationRates rates(Settings s) {
        var rates = s.optional(RATE, DestinationRates::parse);
        var delay = s.optional(POSTFIX_DELAY, text -> DestinationRates.delay(delay(text)));
        if (s.isSet(POSTFIX_DELAY)) onlyOne(s, RATE, POSTFIX_DELAY);
        return rates.or(() -> delay).orElse(DestinationRates.NONE);
    }

    private static void onlyOne(Settings s, String ours, String postfix) {
        if (s.isSet(ours)) s.problem(postfix, "says the same as " + ours + "; remove one of them");
    }

    // A plain number is seconds in Postfix.
    private static Duration delay(String text) {
        if (text.matches("0[smhd]?")) return Duration.ZERO;
        return wait(text.matches("\\d+") ? text + "s" : text);
    }

    private static List<Duration> waits(String text) {
        var waits = new ArrayList<Duration>();
        for (var item : text.split("[\\s,]+")) if (!item.isEmpty()) waits.add(wait(item));
        if (waits.isEmpty()) throw new IllegalArgumentException("give one or more waits, such as 1m,5m,15m");
        return waits;
    }

    private static Duration wait(String item) {
        var number = item.replaceFirst("[a-z]+$", "");
        var unit = item.substring(number.length());
        long count;
        try {
            count = Long.parseLong(number);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + item + "' is no duration; write 90s, 5m, 2h or 1d", e);
        }
        if (count < 1 || count > 1_000_000)
            throw new IllegalArgumentException("'" + item
                    + "' is out of range; write a number from 1 to 1000000 before the unit, such as 90s or 5m");
        return switch (unit) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            case "d" -> Duration.ofDays(count);
            default -> throw new IllegalArgumentException("'" + item + "' is no duration; write 90s, 5m, 2h or 1d");
        };
    }
}
