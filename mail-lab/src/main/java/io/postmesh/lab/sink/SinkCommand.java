package io.postmesh.lab.sink;

import io.postmesh.lab.UsageError;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The sink as a program: takes mail until it is stopped, then says how much.
@Command(
        name = "sink",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "A receiving mail server that misbehaves on request, and sends nothing on.",
        exitCodeOnInvalidInput = UsageError.CODE)
public final class SinkCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--listen", defaultValue = "127.0.0.1:2526", description = "address and port")
    String listen = "";

    @Option(
            names = "--beyond-loopback",
            description = "--listen may be an address that others reach, as in a container")
    boolean beyondLoopback;

    @Option(
            names = "--folder",
            showDefaultValue = Visibility.NEVER,
            description = "keeps each message as a .eml file here")
    Optional<Path> folder = Optional.empty();

    @Option(names = "--tls", description = "offers STARTTLS")
    boolean tls;

    @Option(
            names = "--hide",
            showDefaultValue = Visibility.NEVER,
            description = "an extension not to offer: ${COMPLETION-CANDIDATES}")
    List<Extension> hidden = List.of();

    @Option(
            names = "--rule",
            showDefaultValue = Visibility.NEVER,
            description = "e.g. 'busy.test RCPT first 2 450 4.2.0 Not now'; '* DOT silence'")
    List<String> rules = List.of();

    @Option(names = "--quiet", description = "no line per message")
    boolean quiet;

    public static void main(String[] args) {
        System.exit(new CommandLine(new SinkCommand()).execute(args));
    }

    @Override
    public Integer call() throws InterruptedException {
        try (var sink = SmtpSink.start(options())) {
            rules.forEach(sink.rules()::add);
            if (!quiet) sink.onReceived(mail -> System.out.println(mail));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println(summary(sink.counters()))));
            System.out.println("sink: listening on " + sink.address());
            new CountDownLatch(1).await(); // until a signal ends the process
            return 0;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
        }
    }

    private SinkOptions options() {
        int colon = listen.lastIndexOf(':');
        if (colon < 1 || !listen.substring(colon + 1).matches("[0-9]{1,5}")) {
            throw new IllegalArgumentException("--listen: write host:port, not " + listen);
        }
        int port = Integer.parseInt(listen.substring(colon + 1));
        var options = new SinkOptions();
        var address = new InetSocketAddress(listen.substring(0, colon), port);
        if (beyondLoopback) options.listenBeyondLoopback(address);
        else options.listen(onLoopback(address));
        options.hide(hidden.toArray(new Extension[0])).countOnly();
        folder.ifPresent(options::folder);
        return tls ? options.startTls() : options;
    }

    private static InetSocketAddress onLoopback(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        if (ip != null && !ip.isLoopbackAddress())
            throw new IllegalArgumentException("--listen " + address.getHostString() + ":" + address.getPort()
                    + " is not loopback, and others could reach it; if they shall, say --beyond-loopback, too");
        return address;
    }

    private static String summary(Counters counters) {
        return String.format(
                Locale.ROOT,
                "sink: %d messages, %d recipients, %d octets, %d connections, %d faults",
                counters.messages(),
                counters.recipients(),
                counters.octets(),
                counters.connections(),
                counters.faults());
    }
}
