package io.postmesh.lab;

import picocli.CommandLine.ParameterException;

/// What a command says to words it does not understand: the sentence that matters, and where the rest is.
public final class UsageError {
    public static final int CODE = 64; // EX_USAGE of sysexits.h

    private UsageError() {}

    /// For `CommandLine.setParameterExceptionHandler`.
    public static int tell(ParameterException problem, String... arguments) {
        var command = problem.getCommandLine();
        var spec = command.getCommandSpec();
        boolean unchosen = String.valueOf(problem.getMessage()).startsWith("Missing required subcommand");
        var choice = unchosen ? " " + spec.usageMessage().synopsisSubcommandLabel() : "";
        var err = command.getErr();
        err.println(spec.root().name() + ": " + problem.getMessage() + choice);
        err.println("try '" + spec.qualifiedName() + " --help'");
        err.flush();
        return CODE;
    }
}
