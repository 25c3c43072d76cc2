package io.postmesh.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Processor time of processes as Linux counts it, each with all below it.
///
/// @param ticks by name; 100 a second
record Cpu(Map<String, Long> ticks) {
    private static final double TICK_MS = 10; // USER_HZ of every Linux Java runs on
    private static final int USER = 11; // fields behind the program's name, proc(5)
    private static final int SYSTEM = 12;

    static Cpu now(Map<String, Long> processes) {
        var ticks = new LinkedHashMap<String, Long>();
        processes.forEach((name, pid) -> ticks.put(name, ofTree(pid)));
        return new Cpu(ticks);
    }

    /// What was spent since then, as milliseconds a message: all together, then each process, the busiest first.
    String since(Cpu then, int messages) {
        var spent = new LinkedHashMap<String, Double>();
        ticks.forEach((name, now) -> spent.put(name, (now - then.ticks.getOrDefault(name, 0L)) * TICK_MS / messages));
        double all = spent.values().stream().mapToDouble(Double::doubleValue).sum();
        return spent.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .map(one -> String.format(Locale.ROOT, "%s %.2f", one.getKey(), one.getValue()))
                .collect(Collectors.joining(", ", String.format(Locale.ROOT, "%.2f ms a message: ", all), ""));
    }

    private static long ofTree(long pid) {
        return ProcessHandle.of(pid).stream()
                .flatMap(root -> Stream.concat(Stream.of(root), root.descendants()))
                .mapToLong(process -> of(process.pid()))
                .sum();
    }

    private static long of(long pid) {
        try {
            return ticks(Files.readString(Path.of("/proc/" + pid + "/stat")));
        } catch (IOException e) {
            return 0; // gone, or no Linux
        }
    }

    // `4711 (a name, perhaps with blanks) S 1 ...`
    static long ticks(String stat) {
        var fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" "));
        return Long.parseLong(fields.get(USER)) + Long.parseLong(fields.get(SYSTEM));
    }
}
