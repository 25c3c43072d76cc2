package io.postmesh.bench;

import java.util.List;
import java.util.concurrent.Callable;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The hot code alone, under JMH.
@Command(
        name = "jmh",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Micro-benchmarks: header scanner, dot reader, body hash.")
final class JmhCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "REGEX",
            showDefaultValue = Visibility.NEVER,
            description = "which ones; all when none is given",
            arity = "0..*")
    List<String> names = List.of();

    @Option(names = "--seconds", defaultValue = "2", description = "of one iteration")
    int seconds;

    @Option(names = "--iterations", defaultValue = "3", description = "measured, after as many for warm-up")
    int iterations;

    @Override
    public Integer call() throws CannotMeasure {
        var options = new OptionsBuilder()
                .forks(1)
                .warmupIterations(iterations)
                .measurementIterations(iterations)
                .warmupTime(TimeValue.seconds(seconds))
                .measurementTime(TimeValue.seconds(seconds));
        names.forEach(options::include);
        try {
            return new Runner(options.build()).run().isEmpty() ? 1 : 0;
        } catch (RunnerException e) {
            throw new CannotMeasure(e.toString());
        }
    }
}
