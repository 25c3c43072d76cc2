package io.postmesh.local;

import io.postmesh.audit.Trails;
import io.postmesh.contract.Action;
import io.postmesh.contract.Selector;
import io.postmesh.mail.MailId;
import io.postmesh.runtime.control.Commander;
import io.postmesh.runtime.settings.BadSettings;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Everything known about one mail.
@Command(
        name = "why",
        mixinStandardHelpOptions = true,
        description = "Everything known about one mail: its journey, every attempt, where each recipient is, when it is"
                + " tried again, and the actions that select it. Exit code 1 when nothing is known.",
        exitCodeOnInvalidInput = Main.USAGE)
final class QueueWhyCommand implements Callable<Integer> {
    private static final int MOST = 1_000;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private QueueOptions options = new QueueOptions();

    @Parameters(index = "0", paramLabel = "ID", description = "the mail id, as in the 250 and in the log")
    private String id = "";

    @Override
    public Integer call() throws BadSettings, IOException {
        var mail = mail(spec, id);
        var kafka = options.kafka();
        try (var commander = Commander.open(kafka)) {
            var replies = Operator.looks(commander, Action.Verb.LIST, selector(mail), MOST);
            var trails = new Trails(kafka);
            var trail = trails.of(mail);
            var why = new Why(trail, trails.addresses(trail), replies, commander.inForce(Instant.now()));
            options.say(why::json, () -> why.lines(Instant.now()));
            return why.isKnown() && replies.isComplete() ? 0 : Main.FAILED;
        }
    }

    static MailId mail(CommandSpec spec, String id) {
        try {
            return QueueOptions.Selection.mail(id);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
        }
    }

    private static Selector selector(MailId mail) {
        return new Selector(
                false, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(mail));
    }
}
