package io.postmesh.runtime.kafka;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postmesh.contract.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A stage in a process of its own, to be killed. It is slow, so that the kill finds it at work.
final class StageProcess {
    private StageProcess() {}

    static Process start(KafkaSettings kafka, String test) throws IOException {
        return start(kafka, test, List.of());
    }

    /// One that halts by itself, at the very moment it does something for so many records.
    static Process start(KafkaSettings kafka, String test, SuddenDeath.Moment at, int records) throws IOException {
        return start(kafka, test, List.of("-D" + SuddenDeath.PROPERTY + "=" + test + "," + at + "," + records));
    }

    private static Process start(KafkaSettings kafka, String test, List<String> options) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(options);
        command.addAll(
                List.of(StageProcess.class.getName(), kafka.bootstrap(), test, Boolean.toString(kafka.transactions())));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        Path.of("target", "stage-process-" + test + ".log").toFile())
                .start();
    }

    public static void main(String[] args) throws InterruptedException {
        var mine = args[1] + "/";
        // Not RealKafka: naming that class would start a second broker in here.
        Map<String, String> client = System.getProperty(SuddenDeath.PROPERTY) == null
                ? Map.of()
                : Map.of("interceptor.classes", SuddenDeath.class.getName());
        var kafka = new KafkaSettings(args[0], client, 1, true, Boolean.parseBoolean(args[2]), "local", 4, 4);
        try (var _ = TransactionalStage.open(
                kafka,
                new StageSpec(args[1], Topics.ACCEPTED, new StageSpec.Workers.Waiting(4), 8, Duration.ZERO),
                new SimpleMeterRegistry(),
                in -> {
                    if (in.key() == null || !new String(in.key(), US_ASCII).startsWith(mine)) return List.of();
                    TimeUnit.MILLISECONDS.sleep(20);
                    return List.of(new OutRecord(Topics.CLEARED, in.partition(), in.key(), in.value(), List.of()));
                })) {
            new CountDownLatch(1).await();
        }
    }
}
