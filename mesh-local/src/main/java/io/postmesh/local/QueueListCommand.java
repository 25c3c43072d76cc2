package io.postmesh.local;

import io.postmesh.contract.Action;
import io.postmesh.runtime.control.Commander;
import io.postmesh.runtime.settings.BadSettings;
import java.io.IOException;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Which mails wait.
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "The mails that are selected, with their last reply and their next attempt.",
        exitCodeOnInvalidInput = Main.USAGE)
final class QueueListCommand implements Callable<Integer> {
    private static final int MOST = 1_000;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private QueueOptions options = new QueueOptions();

    @Mixin
    private QueueOptions.Selection selection = new QueueOptions.Selection();

    @Option(names = "--limit", defaultValue = "50", description = "mails at most, 1000 at most")
    private int limit = 50;

    @Override
    public Integer call() throws BadSettings, IOException {
        int most = Math.clamp(limit, 0, MOST);
        try (var commander = options.commander()) {
            var question = QueueSummaryCommand.question(Action.Verb.LIST, selection.orAll(spec), most);
            var replies = commander.ask(question, Commander.PATIENCE);
            var out = Objects.requireNonNull(spec.commandLine()).getOut();
            if (options.isJson()) out.println(QueueJson.list(replies, most).encodePrettily());
            else QueueText.list(replies, most, Instant.now()).forEach(out::println);
            out.flush();
            return replies.isComplete() ? 0 : Main.FAILED;
        }
    }
}
