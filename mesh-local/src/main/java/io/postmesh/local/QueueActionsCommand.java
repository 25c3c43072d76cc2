package io.postmesh.local;

import io.postmesh.runtime.settings.BadSettings;
import java.io.IOException;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// What is in force.
@Command(
        name = "actions",
        mixinStandardHelpOptions = true,
        description = "The actions in force: who asked for what, why, and until when.",
        exitCodeOnInvalidInput = Main.USAGE)
final class QueueActionsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private QueueOptions options = new QueueOptions();

    @Override
    public Integer call() throws BadSettings, IOException {
        try (var commander = options.commander()) {
            var now = Instant.now();
            var standing = commander.inForce(now);
            var out = Objects.requireNonNull(spec.commandLine()).getOut();
            if (options.isJson()) out.println(QueueJson.actions(standing).encodePrettily());
            else QueueText.actions(standing, now).forEach(out::println);
            out.flush();
            return 0;
        }
    }
}
