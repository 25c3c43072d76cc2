package io.postmesh.local;

import io.postmesh.runtime.settings.BadSettings;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// What is in force.
@Command(
        name = "actions",
        mixinStandardHelpOptions = true,
        description = "The actions in force: who asked for what, why, and until when.",
        exitCodeOnInvalidInput = Main.USAGE)
final class QueueActionsCommand implements Callable<Integer> {
    @Mixin
    private QueueOptions options = new QueueOptions();

    @Override
    public Integer call() throws BadSettings, IOException {
        try (var commander = options.commander()) {
            var now = Instant.now();
            var standing = commander.inForce(now);
            options.say(() -> QueueJson.actions(standing), () -> QueueText.actions(standing, now));
            return 0;
        }
    }
}
