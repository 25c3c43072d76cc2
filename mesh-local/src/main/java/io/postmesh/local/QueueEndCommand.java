package io.postmesh.local;

import io.postmesh.contract.ActionId;
import io.postmesh.runtime.control.Commander;
import io.postmesh.runtime.settings.BadSettings;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
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
        footer = "Exit code 1 when no such action is in force.",
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
            boolean stood = takeBack(commander, action);
            options.say(() -> document(action, stood), () -> List.of(sentence(action, stood)));
            return stood ? 0 : Main.FAILED;
        }
    }

    // In any case: an owner's clock may say otherwise, and Kafka may be too slow to say what is in force.
    private static boolean takeBack(Commander commander, ActionId action) throws IOException {
        try {
            return commander.inForce(Instant.now()).stream()
                    .anyMatch(one -> one.action().id().equals(action));
        } finally {
            commander.end(action);
        }
    }

    private static JsonObject document(ActionId action, boolean stood) {
        return stood
                ? new JsonObject().put("ended", action.text())
                : new JsonObject().putNull("ended").put("not_in_force", action.text());
    }

    private static String sentence(ActionId action, boolean stood) {
        return stood
                ? "ended: " + action
                : "nothing is ended: no action " + action + " is in force; see 'queue actions'";
    }

    private ActionId action() {
        try {
            return new ActionId(id);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), id + " is no action's id; see 'queue actions'");
        }
    }
}
