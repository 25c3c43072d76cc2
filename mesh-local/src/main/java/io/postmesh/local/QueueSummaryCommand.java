package io.postmesh.local;

import io.postmesh.contract.Action;
import io.postmesh.runtime.control.InForce;
import io.postmesh.runtime.settings.BadSettings;
import java.io.IOException;
import java.time.Instant;
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
        description = "How many mails wait, are held, suspended or due, by destination; and the actions in force.",
        footer = "Exit code 1 when an owner did not answer in 5 s: it is named, and not counted.",
        exitCodeOnInvalidInput = Main.USAGE)
final class QueueSummaryCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private QueueOptions options = new QueueOptions();

    @Mixin
    private QueueOptions.Selection selection = new QueueOptions.Selection();

    @Option(
            names = "--limit",
            defaultValue = "50",
            description = "so many destinations, the largest first; default: ${DEFAULT-VALUE}")
    private int limit = 50;

    @Override
    public Integer call() throws BadSettings, IOException {
        QueueOptions.atLeastOne(spec, "--limit", limit);
        var selector = selection.orAll(spec);
        try (var commander = options.commander()) {
            int most = Math.max(0, limit);
            var now = Instant.now();
            var replies = Operator.looks(commander, Action.Verb.SUMMARY, selector, 0);
            var standing =
                    commander.inForce(now).stream().filter(InForce::hasEffect).toList();
            options.say(
                    () -> QueueJson.summary(replies, standing, most),
                    () -> QueueText.summary(replies, standing, most, now));
            return replies.isComplete() ? 0 : Main.FAILED;
        }
    }
}
