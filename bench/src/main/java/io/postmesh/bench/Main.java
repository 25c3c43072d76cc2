package io.postmesh.bench;

import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `./postmesh bench relay | latency | jmh`.
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "(relay | latency | jmh)",
        subcommands = {RelayCommand.class, LatencyCommand.class, JmhCommand.class},
        description = "Measures this machine's Postmesh, and Postfix beside it.",
        exitCodeOnInvalidInput = 64)
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        boolean named = arguments.length > 0 && arguments[0].equals("bench"); // the launcher passes its own word on
        var rest = named ? Arrays.copyOfRange(arguments, 1, arguments.length) : arguments;
        System.exit(commands().execute(rest));
    }

    static CommandLine commands() {
        return new CommandLine(new Main()).setExecutionExceptionHandler((problem, commands, _) -> {
            if (!(problem instanceof CannotMeasure)) throw problem;
            commands.getErr().println("bench: " + problem.getMessage());
            return 1;
        });
    }
}
