package io.postmesh.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Debian's Postfix, alone or with OpenDKIM as milter, set up by `bench/peers/postfix.sh` and told to relay to the
/// sink.
final class PostfixProcess implements RelayUnderTest {
    private final Path folder;
    private final InetSocketAddress smtp;
    private final Optional<Program> opendkim;

    private PostfixProcess(Path folder, InetSocketAddress smtp, Optional<Program> opendkim) {
        this.folder = folder;
        this.smtp = smtp;
        this.opendkim = opendkim;
    }

    static PostfixProcess start(Path folder, InetSocketAddress sink, boolean dkim)
            throws CannotMeasure, IOException, InterruptedException {
        Program.path("postfix", "postfix");
        var smtp = Ports.free();
        Optional<Program> opendkim = Optional.empty();
        String milter = "none";
        if (dkim) {
            var socket = Ports.free();
            opendkim = Optional.of(startOpenDkim(folder, socket));
            milter = "inet:" + Ports.text(socket);
        }
        var postfix = new PostfixProcess(folder, smtp, opendkim);
        try {
            script(folder, "start", folder.toString(), Ports.text(smtp), Ports.text(sink), milter);
            return postfix;
        } catch (CannotMeasure | InterruptedException e) {
            postfix.close();
            throw e;
        }
    }

    private static Program startOpenDkim(Path folder, InetSocketAddress socket)
            throws CannotMeasure, IOException, InterruptedException {
        var key = DkimKey.make(folder.resolve("keys"));
        var config = folder.resolve("opendkim.conf");
        Files.writeString(config, """
                Domain %s
                Selector %s
                KeyFile %s
                Socket inet:%d@%s
                Canonicalization relaxed/relaxed
                Mode s
                Syslog no
                RequireSafeKeys no
                PidFile %s
                """.formatted(
                        DkimKey.DOMAIN,
                        DkimKey.SELECTOR,
                        key,
                        socket.getPort(),
                        socket.getAddress().getHostAddress(),
                        folder.resolve("opendkim.pid")));
        var command = List.of(Program.path("opendkim", "opendkim"), "-x", config.toString(), "-f");
        var program = Program.start(folder.resolve("opendkim.log"), Map.of(), command);
        program.await(() -> Ports.answers(socket), Duration.ofSeconds(20), "opendkim");
        return program;
    }

    private static void script(Path folder, String... arguments) throws CannotMeasure, InterruptedException {
        var home = Path.of(System.getProperty("postmesh.home", ".postmesh")).toAbsolutePath();
        var script = home.resolveSibling("bench").resolve("peers/postfix.sh");
        var command = new java.util.ArrayList<>(List.of("/bin/bash", script.toString()));
        command.addAll(List.of(arguments));
        var program = Program.start(folder.resolve("postfix-" + arguments[0] + ".log"), Map.of(), command);
        if (program.await() != 0) throw new CannotMeasure("postfix: " + program.lastLines());
    }

    @Override
    public String name() {
        return "postfix dkim=" + (opendkim.isPresent() ? 1 : 0);
    }

    @Override
    public List<InetSocketAddress> doors() {
        return List.of(smtp);
    }

    @Override
    public Map<String, Long> processes() {
        return Map.of(); // a hundred short-lived ones: nothing to read at the end
    }

    @Override
    public void close() {
        try {
            script(folder, "stop", folder.toString());
        } catch (CannotMeasure e) {
            System.err.println("bench: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        opendkim.ifPresent(Program::close);
    }
}
