package io.postmesh.local;

import io.postmesh.audit.Audit;
import io.postmesh.audit.AuditPlan;
import io.postmesh.audit.AuditRefused;
import io.postmesh.runtime.kafka.KafkaSettings;
import io.postmesh.runtime.kafka.ReplayWindow;
import io.postmesh.runtime.settings.BadSettings;
import io.postmesh.runtime.settings.Settings;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Finds everybody accepted in a window and prints the sums (LEDGER L23).
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description =
                "Finds everybody accepted in a window: final, waiting, held, quarantined, discarded, or on their way."
                        + " Exit code 1 when somebody is found nowhere; they are named.",
        exitCodeOnInvalidInput = Main.USAGE)
final class AuditCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private SettingOptions options = new SettingOptions();

    @Option(
            names = "--since",
            defaultValue = "1h",
            description = "how far to look back, such as 10m, 1h or 1d; default: ${DEFAULT-VALUE}")
    private String since = "1h";

    @Override
    public Integer call() throws BadSettings, AuditRefused, IOException, InterruptedException {
        var window = window();
        var settings = Settings.load(options.flags(), System.getenv());
        var kafka = KafkaSettings.from(settings);
        var plan = AuditPlan.of(ReplayWindow.from(settings).length(), AuditPlan.mostInThisHeap());
        var data = DataHome.ofNode(settings);
        settings.checkRead();
        var reached = kafka.bringsOwnBroker() ? kafka.at(BrokerAddress.read(data)) : kafka;
        var sheet = new Audit(reached, plan).of(window, Instant.now());
        var out = Objects.requireNonNull(spec.commandLine()).getOut();
        sheet.lines().forEach(out::println);
        out.flush();
        return sheet.tally().missing() == 0 ? 0 : Main.FAILED;
    }

    private Duration window() {
        var asked = Settings.load(Map.of("--since", since), Map.of());
        var window = asked.duration("--since", "1h");
        try {
            asked.checkRead();
        } catch (BadSettings e) {
            throw new ParameterException(spec.commandLine(), String.join("; ", e.problems()));
        }
        if (window.isZero())
            throw new ParameterException(
                    spec.commandLine(),
                    "--since " + since + ": nobody can be in it; say how far to look back, such as 1h");
        return window;
    }
}
