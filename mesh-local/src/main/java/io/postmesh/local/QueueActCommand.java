package io.postmesh.local;

import io.postmesh.contract.Action;
import io.postmesh.runtime.control.Commander;
import io.postmesh.runtime.control.Replies;
import io.postmesh.runtime.settings.BadSettings;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// One action on all mail that is selected, and on what arrives while it is valid.
@Command(
        mixinStandardHelpOptions = true,
        footer = "Exit code 1 when an owner did not confirm in 5 s: it is named, and obeys as soon as it can.",
        exitCodeOnInvalidInput = Main.USAGE)
final class QueueActCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private QueueOptions options = new QueueOptions();

    @Mixin
    private QueueOptions.Selection selection = new QueueOptions.Selection();

    @Option(names = "--reason", required = true, description = "why; it stands in the ledger and in reports to senders")
    private String reason = "";

    @Option(
            names = "--for",
            defaultValue = "1h",
            description = "how long it is valid, also for mail that arrives meanwhile; 30d at most;"
                    + " default: ${DEFAULT-VALUE}")
    private String lasts = "1h";

    @Option(
            names = "--rate",
            defaultValue = "500",
            description = "mails a second, all in all; default: ${DEFAULT-VALUE}")
    private int rate = 500;

    @Option(names = "--dry-run", description = "only count what is selected now")
    private boolean dryRun;

    private final Action.Verb verb;

    QueueActCommand(Action.Verb verb) {
        this.verb = verb;
    }

    /// Whether it sends mail on its way, which is not done all at once.
    static boolean isPaced(Action.Verb verb) {
        return switch (verb) {
            case FLUSH, RELEASE, RESUME -> true;
            case SUSPEND, HOLD, BOUNCE, CANCEL, SUMMARY, LIST -> false;
        };
    }

    @Override
    public Integer call() throws BadSettings, IOException {
        var action = action();
        try (var commander = options.commander()) {
            var replies = commander.ask(action, Commander.PATIENCE);
            return tell(replies, action.stands() ? until(commander, replies) : Optional.empty());
        }
    }

    private Action action() {
        try {
            return new Action(
                    Commander.newId(),
                    verb,
                    selection.selector(spec),
                    reason,
                    Operator.name(),
                    QueueOptions.duration(spec, "--for", lasts),
                    dryRun,
                    rate,
                    0);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
        }
    }

    // The action is in force, whether or not Kafka says again until when.
    private static Optional<Instant> until(Commander commander, Replies replies) {
        try {
            boolean endsOthers = replies.action().verb().ends().isPresent();
            return QueueText.until(replies, endsOthers ? commander.inForce(replies.since()) : List.of());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private int tell(Replies replies, Optional<Instant> until) {
        options.say(() -> QueueJson.of(replies, until), () -> QueueText.act(replies, until));
        return replies.isComplete() ? 0 : Main.FAILED;
    }
}
