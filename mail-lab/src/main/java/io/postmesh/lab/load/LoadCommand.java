package io.postmesh.lab.load;

import io.postmesh.lab.UsageError;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The load generator's command line.
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Sends distinct, realistic transactional mail to an SMTP server and counts the 250s.",
        exitCodeOnInvalidInput = UsageError.CODE)
public final class LoadCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--server", defaultValue = "127.0.0.1:2525", description = "host:port")
    String server = "";

    @Option(names = "--n", defaultValue = "1000", description = "messages")
    int messages;

    @Option(names = "--sessions", defaultValue = "50", description = "connections at the same time")
    int sessions;

    @Option(names = "--size", defaultValue = "20000", description = "octets of a message, about")
    int size;

    @Option(names = "--domains", defaultValue = "1000", description = "recipient domains")
    int domains;

    @Option(names = "--recipients", defaultValue = "1", description = "recipients of a message")
    int recipients;

    @Option(names = "--per-connection", defaultValue = "100", description = "messages on one connection")
    int perConnection;

    @Option(
            names = "--rate",
            defaultValue = "0",
            description = "messages a second; 0: as fast as the server takes them")
    double rate;

    @Option(names = "--from", defaultValue = "orders@demo.test", description = "sender")
    String from = "";

    @Option(
            names = "--to",
            showDefaultValue = Visibility.NEVER,
            description = "one recipient for all; else u<n>@d<k>.<suffix>")
    Optional<String> to = Optional.empty();

    @Option(names = "--suffix", defaultValue = "load.test", description = "what the recipient domains end in")
    String suffix = "";

    @Option(names = "--seed", defaultValue = "1", description = "other seeds give other letters")
    long seed;

    @Option(
            names = "--ledger",
            showDefaultValue = Visibility.NEVER,
            description = "file that gets an fsynced line for every 250")
    Optional<Path> ledger = Optional.empty();

    @Option(names = "--allow-remote", description = "first of two: the target may be another machine")
    boolean allowRemote;

    @Option(
            names = "--really-to",
            showDefaultValue = Visibility.NEVER,
            defaultValue = "",
            description = "second of two: names that machine again")
    String reallyTo = "";

    @Override
    public Integer call() {
        try {
            var report = LoadGen.run(plan());
            System.out.println(report);
            return report.accepted() == messages ? 0 : 1;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
        }
    }

    private LoadPlan plan() {
        var plan = new LoadPlan(address(server))
                .messages(messages)
                .sessions(sessions)
                .size(size)
                .domains(domains)
                .domainSuffix(suffix)
                .recipients(recipients)
                .perConnection(perConnection)
                .rate(rate)
                .from(from)
                .seed(seed)
                .reallyTo(reallyTo);
        to.ifPresent(plan::to);
        ledger.ifPresent(plan::ledger);
        return allowRemote ? plan.mayLeaveThisMachine() : plan;
    }

    private static InetSocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1 || !text.substring(colon + 1).matches("[0-9]{1,5}")) {
            throw new IllegalArgumentException("--server: write host:port, not " + text);
        }
        return new InetSocketAddress(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    }
}
