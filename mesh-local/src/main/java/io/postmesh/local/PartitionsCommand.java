package io.postmesh.local;

import io.postmesh.runtime.kafka.Growth;
import io.postmesh.runtime.kafka.GrowthRefused;
import io.postmesh.runtime.kafka.KafkaSettings;
import io.postmesh.runtime.settings.BadSettings;
import io.postmesh.runtime.settings.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Shows how many partitions mail is spread over, and raises the number while mail flows (LEDGER L5).
@Command(
        name = "partitions",
        mixinStandardHelpOptions = true,
        description = "Shows how many partitions mail is placed on, and with --raise-to makes more of them while mail"
                + " flows. The number never falls. Stopped half way, the same command finishes.",
        exitCodeOnInvalidInput = Main.USAGE)
final class PartitionsCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(60); // readers look round every 10 s, then they rejoin

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private SettingOptions options = new SettingOptions();

    @Option(names = "--raise-to", paramLabel = "N", description = "how many there are to be, 1 to " + Growth.MOST)
    private @Nullable Integer to;

    @Override
    public Integer call() throws BadSettings, GrowthRefused, IOException {
        var goal = to;
        if (goal != null && goal < 1) throw new ParameterException(spec.commandLine(), "--raise-to: 1 or more");
        var settings = Settings.load(options.flags(), System.getenv());
        var kafka = KafkaSettings.from(settings);
        var data = DataHome.ofNode(settings);
        settings.checkRead();
        var reached = kafka.bringsOwnBroker() ? kafka.at(BrokerAddress.read(data)) : kafka;
        var out = Objects.requireNonNull(spec.commandLine()).getOut();
        try (var growth = Growth.open(reached, PATIENCE)) {
            if (goal != null) raise(growth, goal, out);
            else show(growth.state(), out);
        }
        out.flush();
        return 0;
    }

    private static void raise(Growth growth, int to, PrintWriter out) throws GrowthRefused, IOException {
        var before = growth.state();
        growth.raise(to, line -> {
            out.println(line);
            out.flush(); // a step may take a minute
        });
        if (growth.state().equals(before)) out.println("mail is placed on " + Words.of(to, "partition") + " already");
    }

    private static void show(Growth.State state, PrintWriter out) {
        state.topics().forEach((topic, count) -> out.println(topic.topic() + ": " + Words.of(count, "partition")));
        if (state.placed() == 0) out.println("no mail was ever accepted here");
        else out.println("new mail is placed on " + Words.of(state.placed(), "partition"));
        if (state.placed() > 0 && !state.isWhole()) {
            out.println("a raise to " + state.begun() + " was begun; './postmesh partitions --raise-to " + state.begun()
                    + "' finishes it");
        }
    }
}
