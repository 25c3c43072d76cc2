package io.postmesh.local;

import io.postmesh.contract.Action.Verb;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;

/// What waits, and what is to become of it. All of it is asked of the delivery workers, through Kafka.
@Command(
        name = "queue",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel =
                "(summary | list | why | actions | suspend | resume | hold | release | flush | bounce | cancel | end"
                        + " | resend)",
        description =
                "Shows what waits and changes what becomes of it: every owner of a partition is asked and answers.",
        exitCodeOnInvalidInput = Main.USAGE)
final class QueueCommand {
    private static final Map<Verb, String> ACTS = new EnumMap<>(Map.of(
            Verb.SUSPEND, "No attempt for mail that is selected, as long as the action is valid.",
            Verb.RESUME, "Ends suspensions, as far as the selection goes.",
            Verb.HOLD, "Mail that is selected waits until it is released.",
            Verb.RELEASE, "Lets go what is held, by a rule or by an action.",
            Verb.FLUSH,
                    "Tries mail that waits now, once, at a rate. What is held or suspended stays so, though it is counted.",
            Verb.BOUNCE, "Gives mail up; its sender is told. Reports (<>) only where --sender or --id names them.",
            Verb.CANCEL, "Removes mail; nobody is told."));

    private static final String FLUSH_LASTS =
            "how long an owner that cannot do it now keeps it in mind;" + " 30d at most; default: ${DEFAULT-VALUE}";

    /// The command with all its subcommands.
    static CommandLine line() {
        var queue = new CommandLine(new QueueCommand())
                .addSubcommand(new QueueSummaryCommand())
                .addSubcommand(new QueueListCommand())
                .addSubcommand(new QueueWhyCommand())
                .addSubcommand(new QueueActionsCommand())
                .addSubcommand(new QueueEndCommand())
                .addSubcommand(new QueueResendCommand());
        ACTS.forEach((verb, what) -> {
            var act = new CommandLine(new QueueActCommand(verb));
            act.getCommandSpec().usageMessage().description(what);
            if (!QueueActCommand.isPaced(verb))
                act.getCommandSpec().remove(act.getCommandSpec().findOption("--rate"));
            if (verb == Verb.FLUSH) describe(act, FLUSH_LASTS);
            queue.addSubcommand(verb.name().toLowerCase(Locale.ROOT), act);
        });
        return queue;
    }

    private static void describe(CommandLine act, String lasts) {
        var spec = act.getCommandSpec();
        var option = spec.findOption("--for");
        spec.remove(option);
        spec.addOption(OptionSpec.builder(option).description(lasts).build());
    }
}
