package io.postmesh.local;

import io.postmesh.contract.ActionId;
import io.postmesh.runtime.settings.BadSettings;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Takes an action back.
@Command(
        name = "end",
        mixinStandardHelpOptions = true,
        description = "Takes an action back before its time: it meets no more mail. What it has done stays done;"
                + " what it suspends is resumed by 'resume', what it holds is released by 'release'.",
        exitCodeOnInvalidInput = Main.USAGE)
final class QueueEndCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private QueueOptions options = new QueueOptions();

    @Parameters(index = "0", paramLabel = "ACTION", description = "its id, as 'queue actions' shows it")
    private String id = "";

    @Override
    public Integer call() throws BadSettings, IOException {
        var action = action();
        try (var commander = options.commander()) {
            commander.end(action);
            var out = Objects.requireNonNull(spec.commandLine()).getOut();
            out.println("ended: " + action);
            out.flush();
            return 0;
        }
    }

    private ActionId action() {
        try {
            return new ActionId(id);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), id + " is no action's id; see 'queue actions'");
        }
    }
}
