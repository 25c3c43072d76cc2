package io.postmesh.ingress.wire;

import io.postmesh.bench.micro.Letter20k;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// Reading the content of a 20 kB letter in segments as the network gives them.
///
/// In ingress' package, because nobody but its own connection makes a dot reader.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class DotReaderBench {
    private static final int SEGMENT = 8 * 1024;

    private final byte[] wire = Letter20k.wire();
    private int taken;

    @Benchmark
    public int read() {
        taken = 0;
        var reader = new DotReader((_, _, length) -> taken += length);
        for (int at = 0; at < wire.length; at += SEGMENT) {
            var outcome = reader.read(wire, at, Math.min(wire.length, at + SEGMENT));
            if (outcome == DotReader.Outcome.BARE) throw new IllegalStateException("the letter is not clean");
        }
        return taken;
    }
}
