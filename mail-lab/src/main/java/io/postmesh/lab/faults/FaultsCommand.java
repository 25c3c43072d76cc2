package io.postmesh.lab.faults;

import io.postmesh.lab.UsageError;
import io.postmesh.lab.cluster.AotCache;
import io.postmesh.lab.cluster.ClusterPlan;
import io.postmesh.lab.faults.rows.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `./postmesh test --faults`
@Command(
        name = "postmesh test --faults",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Kills, stops and cuts off the processes of a mesh under load, and counts the recipients."
                + " Exit code 1 when a bar is missed; with --ci a bar of time (LATE) is told only.",
        exitCodeOnInvalidInput = 64)
public final class FaultsCommand implements Callable<Integer> {
    private static final int CI_MESSAGES = 2_000;
    private static final int PER_CORE = 25; // messages a second that driver, sink and mesh share a core for

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--row",
            showDefaultValue = Visibility.NEVER,
            split = ",",
            description = "only these, such as A01,A08; all of them when none is named")
    private List<String> wanted = List.of();

    @Option(names = "--seed", defaultValue = "1", description = "other seeds, other letters and other moments")
    private long seed;

    @Option(names = "--messages", defaultValue = "0", description = "of each row; 0: 20,000, with --ci 2,000")
    private int messages;

    @Option(
            names = "--rate",
            defaultValue = "0",
            description = "messages a second at most; 0: 200, or what the cores can")
    private double rate;

    @Option(names = "--ci", description = "the rows of CI, with fewer faults; docs/reliability.md is left alone")
    private boolean ci;

    @Option(names = "--shorter", description = "a quarter of the faults, as with --ci")
    private boolean shorter;

    @Option(names = "--list", description = "says what rows there are")
    private boolean list;

    @Option(names = "--checkout", hidden = true, defaultValue = ".", description = "the folder with the launcher")
    private Path checkout = Path.of(".");

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new FaultsCommand())
                .setParameterExceptionHandler(UsageError::tell)
                .execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        var rows = rows();
        if (list) {
            rows.forEach(row -> System.out.printf("%-5s %s%n", row.id(), row.what()));
            return 0;
        }
        var where = where(); // before: somebody may commit meanwhile
        var results = run(rows);
        if (!ci) ResultTable.append(document(), results, where, command());
        return results.stream().anyMatch(this::fails) ? 1 : 0;
    }

    // CI's machine has other work beside: what was late there is told, and proves nothing.
    private boolean fails(Result result) {
        return result.isFailure() || !ci && result.isLate();
    }

    private List<Result> run(List<Row> rows) throws IOException {
        var folder = checkout.toAbsolutePath().normalize().resolve("target/faults");
        var results = new ArrayList<Result>();
        var programs = programs(Files.createDirectories(folder));
        System.out.println(ResultTable.heading());
        try (var meshes = new Meshes(folder, programs)) {
            var runner = new Runner(new Runner.Options(folder, workload(), ci || shorter), meshes);
            for (var row : rows) {
                var result = runner.run(row);
                System.out.println(ResultTable.line(result));
                if (ci && result.end() instanceof Result.End.Broke) { // no verdict: once more
                    result = runner.run(row);
                    System.out.println(ResultTable.line(result));
                }
                results.add(result);
            }
        }
        return results;
    }

    // Processes start from an AOT cache, as they do in the image.
    private Function<Path, ClusterPlan> programs(Path folder) throws IOException {
        var jars = ClusterPlan.builtJars(checkout);
        var cache = folder.resolve("postmesh.aot");
        AotCache.train(jars, cache);
        return home -> new ClusterPlan(home, jars).aotCache(cache);
    }

    private Workload workload() {
        int count = messages > 0 ? messages : ci ? CI_MESSAGES : 20_000;
        return Workload.w(count, rate > 0 ? rate : Math.min(200, PER_CORE * Machine.cores()), seed);
    }

    // Those that can share a mesh follow one another.
    private List<Row> rows() {
        var chosen = Rows.all().stream().filter(row -> isWanted(row.id())).toList();
        var known = Rows.all().stream().map(Row::id).toList();
        wanted.stream().filter(id -> !known.contains(id)).findFirst().ifPresent(id -> {
            throw new ParameterException(spec.commandLine(), "there is no row " + id + ", only " + known);
        });
        var order = new LinkedHashMap<MeshPlan, Integer>();
        chosen.forEach(row -> order.putIfAbsent(row.mesh(), order.size()));
        return chosen.stream()
                .sorted(Comparator.comparing(row -> order.get(row.mesh())))
                .toList();
    }

    private boolean isWanted(String id) {
        if (!wanted.isEmpty()) return wanted.contains(id);
        return !ci || Rows.CI.contains(id);
    }

    private Path document() {
        return checkout.resolve("docs/reliability.md");
    }

    private String where() throws IOException {
        return Machine.commit(checkout) + " | " + Machine.hardware();
    }

    private String command() {
        var given = spec.commandLine().getParseResult().originalArgs().stream()
                .filter(word -> !word.startsWith("--checkout"))
                .toList();
        return ("./postmesh test --faults " + String.join(" ", given)).strip();
    }
}
