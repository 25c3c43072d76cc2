package io.postmesh.local;

import io.postmesh.embedded.DataFolder;
import io.postmesh.ingress.NoSenderRule;
import io.postmesh.lab.Folders;
import io.postmesh.lab.load.LoadGen;
import io.postmesh.lab.load.LoadPlan;
import io.postmesh.runtime.kafka.BadTopics;
import io.postmesh.runtime.life.ServiceRun;
import io.postmesh.runtime.settings.BadSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// The whole mesh for a minute, on a folder that goes with it: mail in by SMTP, judged, signed, out by SMTP to a sink.
///
/// It shows that Postmesh works on a machine, and it is what the image's AOT cache is trained by: what a service needs
/// in its first seconds has been loaded here.
@Command(
        name = "selftest",
        mixinStandardHelpOptions = true,
        description = "Sends mail through a mesh of its own to a sink of its own and ends. Exit code 0: all of it came"
                + " out.",
        exitCodeOnInvalidInput = Main.USAGE)
final class SelftestCommand implements Callable<Integer> {
    private static final Duration STOP = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(60); // to be ready, and after the last 250

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private SettingOptions options = new SettingOptions();

    @Option(names = "--mails", defaultValue = "500", description = "how many; default: ${DEFAULT-VALUE}")
    private int mails;

    @Override
    public Integer call() throws Exception {
        QueueOptions.atLeastOne(spec, "--mails", mails);
        return Life.lead("selftest", STOP, this::live);
    }

    private int live(Life life) throws IOException, BadSettings, BadTopics, NoSenderRule, InterruptedException {
        var folder = Files.createTempDirectory("postmesh-selftest");
        life.open(() -> Folders.delete(folder));
        var data = life.open(DataFolder.lock(folder.resolve("node")));
        var playground = life.open(Playground.open(data));
        var config = NodeConfig.from(playground.settings(flags(), Map.of(), data), data.path());
        life.log(config.ground().log(), "postmesh");
        var node = Node.start(life.open(ServiceRun.named("postmesh")), config, data);
        boolean healthy = becomesHealthy(node);
        var report = LoadGen.run(new LoadPlan(
                        new InetSocketAddress(node.smtp().host(), node.smtp().port()))
                .messages(mails)
                .sessions(4)
                .domains(20));
        long received = received(playground);
        var out = Objects.requireNonNull(spec.commandLine()).getOut();
        out.println("selftest: " + report.accepted() + " of " + mails + " accepted, " + received
                + " delivered, the health check says " + (healthy ? "ready" : "not ready"));
        out.flush();
        return healthy && report.accepted() == mails && received >= mails ? 0 : Main.FAILED;
    }

    // With transactions, as services on an outside Kafka have them.
    private Map<String, String> flags() {
        var flags = new HashMap<>(Map.of(
                "POSTMESH_TRANSACTIONS", "on",
                "POSTMESH_SMTP_LISTEN", "127.0.0.1:0",
                "POSTMESH_HTTP_LISTEN", "127.0.0.1:0",
                "POSTMESH_FREE_SPACE", "0"));
        flags.putAll(options.flags());
        return flags;
    }

    // The command itself, as a container's health check calls it; not only once, as that does not either.
    private static boolean becomesHealthy(Node node) throws InterruptedException {
        return holdsInTime(() -> new CommandLine(new HealthCommand())
                        .execute("--address", node.http().toString())
                == 0);
    }

    // Counted, and so looked at again and again: the sink's inbox, where one can wait, keeps the last 2,000 only.
    private long received(Playground playground) throws InterruptedException {
        holdsInTime(() -> playground.sink().counters().messages() >= mails);
        return playground.sink().counters().messages();
    }

    private static boolean holdsInTime(BooleanSupplier fact) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!fact.getAsBoolean()) {
            if (System.nanoTime() > deadline) return false;
            Thread.sleep(50);
        }
        return true;
    }
}
