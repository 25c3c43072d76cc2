package io.postmesh.local;

import io.postmesh.embedded.EmbeddedKafka;
import io.postmesh.runtime.life.ServiceRun;
import io.postmesh.runtime.ops.Health;
import io.postmesh.runtime.ops.ManagementServer;
import io.postmesh.runtime.ops.Meters;
import io.postmesh.runtime.settings.BadSettings;
import io.postmesh.runtime.settings.HostPort;
import io.postmesh.runtime.settings.Settings;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// The node's own Kafka as a process of its own, for services beside it: one broker, one disk. A cluster's Kafka is
/// its operator's.
@Command(
        name = "broker",
        mixinStandardHelpOptions = true,
        description = "One Kafka broker for services in containers beside it. One disk: what has to survive the loss"
                + " of a machine needs a Kafka of three.",
        exitCodeOnInvalidInput = Main.USAGE)
final class BrokerCommand implements Callable<Integer> {
    private static final Duration STOP = Duration.ofMillis(9_500); // `docker stop` kills after 10 s

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private SettingOptions options = new SettingOptions();

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:9092",
            description = "where clients come in, without a password: nobody else may reach it; default:"
                    + " ${DEFAULT-VALUE}")
    private String listen = "";

    @Option(
            names = "--advertise",
            paramLabel = "HOST:PORT",
            description = "how clients reach it, such as kafka:9092; default: as --listen says")
    private Optional<String> advertise = Optional.empty();

    @Override
    public Integer call() throws Exception {
        return Life.lead("broker", STOP, this::live);
    }

    private int live(Life life) throws IOException, BadSettings, InterruptedException {
        var at = Listen.option(spec, "--listen", listen);
        var told = advertise.isPresent() ? Listen.option(spec, "--advertise", advertise.get()) : at;
        var settings = Settings.load(options.flags(), System.getenv());
        var http = settings.hostPort(Listen.HTTP, NodeConfig.HTTP);
        var data = life.open(DataHome.open(settings, DataHome.Purpose.BROKER));
        settings.checkRead();
        var run = life.open(ServiceRun.named("broker"));
        var health = health(run, http);
        var outside = new EmbeddedKafka.Outside(at.host(), at.port(), told.toString());
        var broker = run.open(EmbeddedKafka.start(data.folder("kafka"), EmbeddedKafka.Options.reachedBy(outside)));
        health.ready("kafka", () -> Optional.ofNullable(broker.died().getNow(null)));
        var out = Objects.requireNonNull(spec.commandLine()).getOut();
        out.println("ready: Kafka on " + at + ", told to clients as " + told + ", HTTP on " + http);
        out.flush();
        return life.await(broker.died());
    }

    private static Health health(ServiceRun run, HostPort http) throws IOException {
        var health = new Health();
        health.ready("kafka", () -> Optional.of("starting"));
        run.open(ManagementServer.open(Ground.vertx(run), http, health, Meters.prometheus()));
        return health;
    }
}
