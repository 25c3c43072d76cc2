package io.postmesh.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.postmesh.bench.Measurement.Result;
import io.postmesh.bench.Sender.Letters;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The clocks and counts, with the sink itself in the relay's place.
class MeasurementTest {
    @TempDir
    Path folder;

    @BeforeAll
    static void needsDebiansPrograms() {
        assumeTrue(Files.isExecutable(Path.of("/usr/sbin/smtp-sink")), "apt-get install postfix");
    }

    @Test
    void debiansSourceIsCountedToTheMessage() throws Exception {
        measures(new Sender.DebianSource(folder), "smtp-source");
    }

    @Test
    void ourGeneratorIsCountedToTheMessage() throws Exception {
        measures(new Sender.OwnGenerator(), "own generator");
    }

    @Test
    void ratiosPutOurNumbersOverThePeers() {
        var ours =
                new Result("postmesh dkim=1", "smtp-source", 20_000, 10, 1_500, 1_250, 10, Optional.of(900L << 20), "");
        var peer = new Result("postfix dkim=1", "smtp-source", 20_000, 10, 300, 250, 10, Optional.empty(), "");
        assertThat(ours.toString())
                .startsWith("postmesh dkim=1 size=20000: accept 1500/s, end-to-end 1250/s (10 msgs, sink saw 10)")
                .endsWith("peak memory 900 MiB");
        assertThat(Ratios.of(List.of(ours, peer)))
                .containsExactly(
                        "postmesh dkim=1 / postfix dkim=1: accept 5.0 times, end-to-end 5.0 times (smtp-source)");
    }

    private void measures(Sender sender, String name) throws CannotMeasure, IOException, InterruptedException {
        try (var sink = DebianSink.start(folder);
                var straight = new Straight(List.of(sink.address()))) {
            var result = new Measurement(straight, sink, sender, new Letters(2_000, 5)).run(60, 20);
            assertThat(result.isExact()).as(result.toString()).isTrue();
            assertThat(result.sender()).isEqualTo(name);
            assertThat(result.accepted()).isPositive();
            assertThat(result.endToEnd()).isBetween(1.0, result.accepted());
        }
    }

    @Test
    void everyDoorGetsItsShare() throws Exception {
        try (var sink = DebianSink.start(folder);
                var straight = new Straight(List.of(sink.address(), sink.address()))) {
            var sender = new Sender.OwnGenerator();
            var result = new Measurement(straight, sink, sender, new Letters(2_000, 5)).run(61, 0);
            assertThat(result.isExact()).as(result.toString()).isTrue();
        }
    }

    private record Straight(List<InetSocketAddress> doors) implements RelayUnderTest {
        @Override
        public String name() {
            return "straight";
        }

        @Override
        public Map<String, Long> processes() {
            return Map.of();
        }

        @Override
        public void close() {}
    }
}
