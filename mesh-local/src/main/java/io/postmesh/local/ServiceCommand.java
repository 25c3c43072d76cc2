package io.postmesh.local;

import io.postmesh.ingress.NoSenderRule;
import io.postmesh.runtime.kafka.BadTopics;
import io.postmesh.runtime.kafka.KafkaSettings;
import io.postmesh.runtime.life.ServiceRun;
import io.postmesh.runtime.ops.AotCache;
import io.postmesh.runtime.settings.BadSettings;
import io.postmesh.runtime.settings.Settings;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// One service of the mesh, on a Kafka and a Redis that it shares with the others. Start as many as there is work for.
@Command(
        name = "service",
        mixinStandardHelpOptions = true,
        description = "One service of the mesh on an outside Kafka and Redis, configured by environment.",
        exitCodeOnInvalidInput = Main.USAGE)
final class ServiceCommand implements Callable<Integer> {
    private static final Logger log = LoggerFactory.getLogger(ServiceCommand.class);

    @Parameters(
            index = "0",
            paramLabel = "SERVICE",
            converter = ServiceKind.Parser.class,
            description = "one of ${COMPLETION-CANDIDATES}")
    private ServiceKind kind = ServiceKind.INGRESS;

    @Mixin
    private SettingOptions options = new SettingOptions();

    @Override
    public Integer call() throws Exception {
        return Life.lead(kind.toString(), kind.stop(), this::live);
    }

    private int live(Life life) throws IOException, BadSettings, BadTopics, NoSenderRule, InterruptedException {
        var settings = Settings.load(options.flags(), System.getenv());
        var shared = DataHome.shared(settings);
        var config = ServiceConfig.from(settings, kind, shared);
        Listen.check(config.ground(), config.roles());
        config.ground().blobs().check();
        var host = config.ground().kafka().instance();
        var seat = life.open(
                settings.isSet(KafkaSettings.INSTANCE)
                        ? Seat.named(shared, kind, host)
                        : Seat.take(shared, kind, host));
        life.log(config.ground().log(), kind.toString());
        config.described().forEach(line -> log.info("setting {}", line));
        settings.ignored().forEach(log::warn);
        var run = life.open(ServiceRun.named("postmesh-" + kind));
        var ground = Ground.open(run, config.ground().as(seat.instance()), config.roles(), seat.own());
        var smtp = config.roles().open(run, ground.platform());
        ground.ready(run);
        log.info(
                "ready: {} {}, {}HTTP on {} ({})",
                kind,
                seat.instance(),
                smtp.map(port -> "SMTP on " + host(config) + ":" + port + ", ").orElse(""),
                ground.http(),
                AotCache.ofThisJvm());
        return life.await(ground.died());
    }

    private static String host(ServiceConfig config) {
        return config.roles().door().orElseThrow().listen().host();
    }
}
