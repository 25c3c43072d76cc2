package io.postmesh.local;

import io.postmesh.ingress.NoSenderRule;
import io.postmesh.runtime.kafka.BadTopics;
import io.postmesh.runtime.life.ServiceRun;
import io.postmesh.runtime.settings.BadSettings;
import io.postmesh.runtime.settings.Settings;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// The whole mesh on one node, for real work.
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "The whole mesh on one node for real work, configured by environment.",
        exitCodeOnInvalidInput = Main.USAGE)
final class RunCommand implements Callable<Integer> {
    private static final Logger log = LoggerFactory.getLogger(RunCommand.class);

    private static final Duration STOP = Duration.ofMillis(9_500); // `docker stop` kills after 10 s

    @Mixin
    private SettingOptions options = new SettingOptions();

    @Override
    public Integer call() throws Exception {
        return Life.lead("run", STOP, this::live);
    }

    private int live(Life life) throws IOException, BadSettings, BadTopics, NoSenderRule, InterruptedException {
        var settings = Settings.load(options.flags(), System.getenv());
        var data = life.open(DataHome.open(settings, DataHome.Purpose.RUN));
        var config = NodeConfig.from(settings, data.path());
        Listen.check(config.ground(), config.roles());
        config.ground().blobs().check();
        life.log(config.ground().log(), "postmesh");
        config.described().forEach(line -> log.info("setting {}", line));
        settings.ignored().forEach(log::warn);
        var node = Node.start(life.open(ServiceRun.named("postmesh")), config, data);
        return life.await(node.died());
    }
}
