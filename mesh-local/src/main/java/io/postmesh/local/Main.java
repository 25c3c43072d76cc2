package io.postmesh.local;

import io.postmesh.audit.AuditRefused;
import io.postmesh.ingress.NoSenderRule;
import io.postmesh.lab.UsageError;
import io.postmesh.lab.load.LoadCommand;
import io.postmesh.lab.sink.SinkCommand;
import io.postmesh.runtime.kafka.BadTopics;
import io.postmesh.runtime.kafka.GrowthRefused;
import io.postmesh.runtime.settings.BadSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/// `./postmesh dev | run | service | send | audit | queue | partitions | health | ...`, and in an image, where a word
/// has to do,
/// `ingress | policy | signer | delivery`.
@Command(
        name = "postmesh",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel =
                "(dev | run | service | send | audit | queue | partitions | health | broker | sink | load | selftest)",
        subcommands = {
            DevCommand.class,
            RunCommand.class,
            ServiceCommand.class,
            SendCommand.class,
            AuditCommand.class,
            PartitionsCommand.class,
            HealthCommand.class,
            BrokerCommand.class,
            SelftestCommand.class,
            SinkCommand.class
        },
        description = "A mail mesh: SMTP in, policy, DKIM, delivery out, joined by Kafka.",
        exitCodeOnInvalidInput = Main.USAGE)
public final class Main {
    static final int FAILED = 1;
    static final int USAGE = 64; // EX_USAGE of sysexits.h
    static final int BUG = 70; // EX_SOFTWARE
    static final int CONFIG = 78; // EX_CONFIG

    private Main() {}

    public static void main(String[] words) {
        var arguments = withoutScript(words);
        boolean probe = arguments.length > 0 && arguments[0].equals(HealthCommand.NAME);
        System.exit(probe ? probe().execute(arguments) : execute(arguments));
    }

    // In an image `postmesh` is a script whose interpreter is java itself: the first word is then the script's own
    // path.
    private static String[] withoutScript(String... words) {
        boolean script = words.length > 0 && words[0].equals(System.getProperty("postmesh.script"));
        return script ? Arrays.copyOfRange(words, 1, words.length) : words;
    }

    // Every few seconds beside a service that works: the classes of all the other commands are not loaded for it.
    static CommandLine probe() {
        var postmesh = CommandSpec.create().name("postmesh").addSubcommand(HealthCommand.NAME, health());
        return ready(new CommandLine(postmesh));
    }

    private static CommandLine health() {
        return new CommandLine(new HealthCommand());
    }

    private static int execute(String... arguments) {
        boolean service =
                arguments.length > 0 && ServiceKind.named(arguments[0]).isPresent();
        return commands().execute(service ? withService(arguments) : arguments);
    }

    // Whoever starts an image writes `args: [ingress]`.
    private static String[] withService(String... arguments) {
        return Stream.concat(Stream.of("service"), Arrays.stream(arguments)).toArray(String[]::new);
    }

    static CommandLine commands() {
        var commands = new CommandLine(new Main())
                .addSubcommand("queue", QueueCommand.line())
                .addSubcommand("load", new LoadCommand());
        return ready(commands);
    }

    private static CommandLine ready(CommandLine commands) {
        sayVersion(commands);
        return commands.setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(UsageError::tell)
                .setExecutionExceptionHandler((problem, command, _) -> complain(problem, command.getErr()));
    }

    private static void sayVersion(CommandLine command) {
        command.getCommandSpec().version(version());
        command.getSubcommands().values().forEach(Main::sayVersion);
    }

    private static String version() {
        var built = Main.class.getPackage().getImplementationVersion(); // the jar's manifest says it
        return "postmesh " + (built == null ? "not packaged" : built);
    }

    /// One line for each thing that is wrong, and never a stack trace: that goes to the log.
    static int complain(Exception problem, PrintWriter err) {
        return switch (problem) {
            case BadSettings settings -> say(err, settings.problems(), CONFIG);
            case BadTopics topics -> say(err, topics.problems(), CONFIG);
            case NoSenderRule rule -> say(err, List.of(String.valueOf(rule.getMessage())), FAILED);
            case NotSent unsent -> say(err, List.of(String.valueOf(unsent.getMessage())), FAILED);
            case AuditRefused refused -> say(err, List.of(String.valueOf(refused.getMessage())), USAGE);
            case GrowthRefused refused -> say(err, List.of(String.valueOf(refused.getMessage())), USAGE);
            case IOException io -> say(err, List.of(String.valueOf(io.getMessage())), FAILED);
            default -> {
                Defects.log(problem);
                yield say(err, List.of("this is a defect of Postmesh, please report it: " + problem), BUG);
            }
        };
    }

    private static int say(PrintWriter err, List<String> lines, int code) {
        lines.forEach(line -> err.println("postmesh: " + line));
        err.flush();
        return code;
    }
}
