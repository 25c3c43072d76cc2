package io.postmesh.runtime.kafka;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postmesh.contract.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A stage in a process of its own, to be killed. It is slow, so that the kill finds it at work.
final class StageProcess {
    private StageProcess() {}

    static Process start(String test) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StageProcess.class.getName(),
                        RealKafka.BROKER.bootstrap(),
                        test)
                .redirectErrorStream(true)
                .redirectOutput(
                        Path.of("target", "stage-process-" + test + ".log").toFile())
                .start();
    }

    public static void main(String[] args) throws InterruptedException {
        var mine = args[1] + "/";
        try (var _ = TransactionalStage.open(
                KafkaSettings.oneNode(args[0]),
                new StageSpec(args[1], Topics.ACCEPTED, new StageSpec.Workers.Waiting(4), 8, Duration.ZERO),
                new SimpleMeterRegistry(),
                in -> {
                    // Not RealKafka.key: naming that class would start a second broker in here.
                    if (in.key() == null || !new String(in.key(), US_ASCII).startsWith(mine)) return List.of();
                    TimeUnit.MILLISECONDS.sleep(20);
                    return List.of(new OutRecord(Topics.CLEARED, in.partition(), in.key(), in.value(), List.of()));
                })) {
            new CountDownLatch(1).await();
        }
    }
}
