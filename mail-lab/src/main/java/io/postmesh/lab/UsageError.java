package io.postmesh.lab;

import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// What a command says to words it does not understand: the sentence that matters, and where the rest is. picocli's
/// words are its programmer's; here is the one place that turns them into its user's.
public final class UsageError {
    public static final int CODE = 64; // EX_USAGE of sysexits.h

    private UsageError() {}

    /// For `CommandLine.setParameterExceptionHandler`.
    public static int tell(ParameterException problem, String... arguments) {
        var command = problem.getCommandLine();
        var spec = command.getCommandSpec();
        var err = command.getErr();
        err.println(spec.root().name() + ": " + sentence(problem, command));
        err.println("try '" + spec.qualifiedName() + " --help'");
        err.flush();
        return CODE;
    }

    private static String sentence(ParameterException problem, CommandLine command) {
        return switch (problem) {
            case UnmatchedArgumentException unmatched
            when !unmatched.getUnmatched().isEmpty() -> unmatched(unmatched, command);
            case MissingParameterException missing -> problem.getMessage() + choices(missing);
            default -> plain(String.valueOf(problem.getMessage())) + subcommands(problem, command);
        };
    }

    private static String unmatched(UnmatchedArgumentException problem, CommandLine command) {
        var word = "'" + problem.getUnmatched().getFirst() + "'";
        var name = "'" + command.getCommandSpec().qualifiedName() + "'";
        if (problem.isUnknownOption()) {
            var near = problem.getSuggestions();
            return word + " is no option of " + name
                    + (near.isEmpty() ? "" : "; did you mean " + String.join(" or ", near) + "?");
        }
        return command.getSubcommands().isEmpty()
                ? word + " is a word too many for " + name
                : word + " is no command of " + name + "; there are "
                        + String.join(", ", command.getSubcommands().keySet());
    }

    private static String choices(MissingParameterException problem) {
        var text = new StringBuilder();
        for (ArgSpec missing : problem.getMissing()) {
            if (missing.completionCandidates() != null)
                text.append("; write one of ").append(String.join(", ", missing.completionCandidates()));
        }
        return text.toString();
    }

    private static String plain(String message) {
        return message.replaceFirst(" is not an? (int|long)$", " is no whole number")
                .replaceFirst(" is not a (double|float)$", " is no number");
    }

    private static String subcommands(ParameterException problem, CommandLine command) {
        boolean unchosen = String.valueOf(problem.getMessage()).startsWith("Missing required subcommand");
        return unchosen ? " " + command.getCommandSpec().usageMessage().synopsisSubcommandLabel() : "";
    }
}
