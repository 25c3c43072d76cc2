package io.postmesh.bench;

import io.postmesh.lab.UsageError;
import java.io.IOException;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `./postmesh bench relay | latency | waiting | jmh`.
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "(relay | latency | waiting | jmh)",
        subcommands = {RelayCommand.class, LatencyCommand.class, WaitingCommand.class, JmhCommand.class},
        description = "Measures this machine's Postmesh, and Postfix beside it.",
        exitCodeOnInvalidInput = Main.USAGE)
public final class Main {
    static final int USAGE = 64; // EX_USAGE of sysexits.h

    private Main() {}

    public static void main(String[] arguments) {
        boolean named = arguments.length > 0 && arguments[0].equals("bench"); // the launcher passes its own word on
        var rest = named ? Arrays.copyOfRange(arguments, 1, arguments.length) : arguments;
        System.exit(commands().execute(rest));
    }

    static CommandLine commands() {
        return new CommandLine(new Main())
                .setParameterExceptionHandler(UsageError::tell)
                .setExecutionExceptionHandler((problem, commands, _) -> {
                    int code = code(problem);
                    var said = code == USAGE || problem instanceof CannotMeasure
                            ? problem.getMessage()
                            : problem.toString();
                    commands.getErr().println("bench: " + said);
                    return code;
                });
    }

    private static int code(Exception problem) throws Exception {
        return switch (problem) {
            case CannotMeasure _, IOException _ -> 1;
            case IllegalArgumentException _ -> USAGE; // such as no messages at all
            default -> throw problem;
        };
    }
}
