package io.postmesh.bench.micro;

import io.postmesh.contract.Slice;
import io.postmesh.message.BadHeader;
import io.postmesh.message.Headers;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// Finding the fields of an ordinary header section.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HeadersBench {
    private final Slice section = Slice.of(Letter20k.head());

    @Benchmark
    public Headers scan() throws BadHeader {
        return Headers.scan(section);
    }
}
