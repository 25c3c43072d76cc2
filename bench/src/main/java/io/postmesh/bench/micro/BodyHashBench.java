package io.postmesh.bench.micro;

import io.postmesh.dkim.BodyHash;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// The relaxed body hash of a 20 kB letter, fed as ingress feeds it: in segments.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class BodyHashBench {
    private static final int SEGMENT = 8 * 1024;

    private final byte[] body = Letter20k.body();

    @Benchmark
    public byte[] relaxed() {
        var hash = new BodyHash();
        for (int at = 0; at < body.length; at += SEGMENT) {
            hash.update(body, at, Math.min(SEGMENT, body.length - at));
        }
        return hash.digest();
    }
}
