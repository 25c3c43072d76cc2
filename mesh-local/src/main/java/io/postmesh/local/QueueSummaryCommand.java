package io.postmesh.local;

import io.postmesh.contract.Action;
import io.postmesh.contract.Selector;
import io.postmesh.runtime.control.Commander;
import io.postmesh.runtime.settings.BadSettings;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// How many wait, for whom, and why.
@Command(
        name = "summary",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "How many mails wait, are held, suspended or due, by destination; and the actions in force.",
        exitCodeOnInvalidInput = Main.USAGE)
final class QueueSummaryCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private QueueOptions options = new QueueOptions();

    @Mixin
    private QueueOptions.Selection selection = new QueueOptions.Selection();

    @Option(names = "--limit", defaultValue = "50", description = "destinations at most, the largest first")
    private int limit = 50;

    @Override
    public Integer call() throws BadSettings, IOException {
        try (var commander = options.commander()) {
            var now = Instant.now();
            var replies = commander.ask(question(Action.Verb.SUMMARY, selection.orAll(spec), 0), Commander.PATIENCE);
            var standing = commander.inForce(now);
            var out = Objects.requireNonNull(spec.commandLine()).getOut();
            if (options.isJson())
                out.println(QueueJson.summary(replies, standing, limit).encodePrettily());
            else QueueText.summary(replies, standing, limit, now).forEach(out::println);
            out.flush();
            return replies.isComplete() ? 0 : Main.FAILED;
        }
    }

    static Action question(Action.Verb verb, Selector selector, int limit) {
        return new Action(
                Commander.newId(),
                verb,
                selector,
                "",
                QueueActCommand.operator(),
                Duration.ofSeconds(10), // whoever reads it later has nobody to answer
                false,
                1,
                limit);
    }
}
