package io.postmesh.local;

import io.postmesh.contract.Action;
import io.postmesh.contract.Answer;
import io.postmesh.runtime.control.Replies;
import io.postmesh.runtime.settings.BadSettings;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
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
        description = "The mails that are selected, with their last reply and their next attempt.",
        footer = "Exit code 1 when an owner did not answer in 5 s: it is named, and not counted.",
        exitCodeOnInvalidInput = Main.USAGE)
final class QueueListCommand implements Callable<Integer> {
    private static final int MOST = 1_000;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private QueueOptions options = new QueueOptions();

    @Mixin
    private QueueOptions.Selection selection = new QueueOptions.Selection();

    @Option(
            names = "--limit",
            defaultValue = "50",
            description = "so many mails, 1000 at most; default: ${DEFAULT-VALUE}")
    private int limit = 50;

    @Override
    public Integer call() throws BadSettings, IOException {
        QueueOptions.atLeastOne(spec, "--limit", limit);
        var selector = selection.orAll(spec);
        int most = Math.min(limit, MOST);
        try (var commander = options.commander()) {
            var replies = Operator.looks(commander, Action.Verb.LIST, selector, most);
            var now = Instant.now();
            var next = new Next(hasSuspended(replies) ? commander.inForce(now) : List.of(), now);
            options.say(() -> QueueJson.list(replies, most), () -> QueueText.list(replies, most, next));
            return replies.isComplete() ? 0 : Main.FAILED;
        }
    }

    // Only then it matters how long actions last.
    private static boolean hasSuspended(Replies replies) {
        return replies.answers().stream()
                .flatMap(answer -> answer.seats().stream())
                .anyMatch(seat -> seat.place() == Answer.Place.SUSPENDED);
    }
}
