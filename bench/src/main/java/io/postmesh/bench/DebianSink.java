package io.postmesh.bench;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Debian's smtp-sink: counts messages and forgets them.
final class DebianSink implements AutoCloseable {
    private static final String BACKLOG = "1000";

    private final Program program;
    private final Path output;
    private final InetSocketAddress address;

    private DebianSink(Program program, Path output, InetSocketAddress address) {
        this.program = program;
        this.output = output;
        this.address = address;
    }

    static DebianSink start(Path folder) throws CannotMeasure, InterruptedException {
        var address = Ports.free();
        var output = folder.resolve("smtp-sink.out");
        var command = new ArrayList<>(List.of(Program.path("smtp-sink", "postfix"), "-c"));
        if (isRoot()) command.addAll(List.of("-u", "nobody")); // it refuses to stay root
        command.addAll(List.of(Ports.text(address), BACKLOG));
        var program = Program.start(output, Map.of(), command);
        program.await(() -> Ports.answers(address), Duration.ofSeconds(30), "smtp-sink");
        return new DebianSink(program, output, address);
    }

    InetSocketAddress address() {
        return address;
    }

    /// Messages received so far.
    int messages() {
        return messages(Program.tail(output, 200));
    }

    // It writes `sess=3 quit=3 mesg=4` and a CR after every event.
    static int messages(String written) {
        int at = written.lastIndexOf("mesg=");
        int end = at < 0 ? -1 : written.indexOf('\r', at);
        if (end < 0) { // the last one is still being written
            at = written.lastIndexOf("mesg=", Math.max(0, at - 1));
            end = at < 0 ? -1 : written.indexOf('\r', at);
        }
        return end < 0 ? 0 : Integer.parseInt(written.substring(at + 5, end).strip());
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    @Override
    public void close() {
        program.close();
    }
}
