package io.postmesh.lab.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;

/// What the runs are made on.
final class Machine {
    private static final Pattern TOTAL = Pattern.compile("MemTotal:\\s+(\\d+) kB");
    private static final double KIB_PER_GIB = 1024 * 1024;
    private static final Duration GIT = Duration.ofSeconds(20);

    private Machine() {}

    static int cores() {
        return Runtime.getRuntime().availableProcessors();
    }

    /// `2 cores, 24 GiB`
    static String hardware() throws IOException {
        var found = TOTAL.matcher(Files.readString(Path.of("/proc/meminfo")));
        var memory = found.find() ? Math.round(Math.ceil(Long.parseLong(found.group(1)) / KIB_PER_GIB)) + " GiB" : "?";
        return cores() + " cores, " + memory;
    }

    /// How many processes wanted a core over the last minute, other people's among them.
    static String load() throws IOException {
        return Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
    }

    /// The commit of the checkout, with a plus sign when files differ from it; the table of runs does by running.
    static String commit(Path checkout) throws IOException {
        var commit = git(checkout, "rev-parse", "--short", "HEAD");
        return git(checkout, "status", "--porcelain", "-uno", "--", ":!docs/reliability.md")
                        .isEmpty()
                ? commit
                : commit + "+";
    }

    private static String git(Path checkout, String... words) throws IOException {
        var command = new java.util.ArrayList<>(java.util.List.of("git", "-C", checkout.toString()));
        command.addAll(java.util.List.of(words));
        return Shell.run(GIT, new ProcessBuilder(command)).strip();
    }
}
