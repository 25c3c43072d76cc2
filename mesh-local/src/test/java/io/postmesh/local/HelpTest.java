package io.postmesh.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.lab.faults.FaultsCommand;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.OptionSpec;

/// `--help` of every command: short, and true.
class HelpTest {
    static Stream<Named<CommandLine>> commands() {
        return Stream.of(Main.commands(), new CommandLine(new FaultsCommand()))
                .flatMap(HelpTest::withSubcommands)
                .map(one -> Named.of(one.getCommandSpec().qualifiedName(), one));
    }

    private static Stream<CommandLine> withSubcommands(CommandLine command) {
        return Stream.concat(
                Stream.of(command), command.getSubcommands().values().stream().flatMap(HelpTest::withSubcommands));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void whatHasNoDefaultNamesNone(CommandLine command) {
        assertThat(command.getUsageMessage(Ansi.OFF)).doesNotContain("Optional", "null", "[]", "{}");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyOptionSaysWhatItIsForAndWhatItIsWithoutAWord(CommandLine command) {
        for (var option : command.getCommandSpec().options()) {
            if (option.hidden()) continue;
            assertThat(option.description()).as(option.longestName()).isNotEmpty();
            if (option.defaultValue() != null) assertThat(help(option, command)).contains(option.defaultValue());
        }
    }

    private static String help(OptionSpec option, CommandLine command) {
        return String.join(" ", option.description())
                + command.getUsageMessage(Ansi.OFF).replaceAll("\\s+", " ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"load", "sink", "health", "queue"})
    void theFirstLineIsWhatIsTyped(String name) {
        var usage = usage(Main.commands(), name);
        assertThat(usage).startsWith("Usage: postmesh " + name + " ");
    }

    private static String usage(CommandLine commands, String name) {
        return Objects.requireNonNull(commands.getSubcommands().get(name)).getUsageMessage(Ansi.OFF);
    }

    @Test
    void theHealthCheckThatLoadsLittleCallsItselfTheSame() {
        var usage = usage(Main.probe(), "health");
        assertThat(usage).startsWith("Usage: postmesh health ");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandKnowsItsVersion(CommandLine command) {
        if (command.getCommand() instanceof FaultsCommand) return; // a part of the tests, not of what is shipped
        assertThat(command.getCommandSpec().version()).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandNamesItsSubcommandsInItsFirstLine(CommandLine command) {
        var synopsis = new CommandLine.Help(command.getCommandSpec(), Ansi.OFF)
                .synopsis(0)
                .replaceAll("\\s+", " ");
        assertThat(command.getSubcommands().keySet())
                .allSatisfy(name -> assertThat(synopsis).contains(name));
    }
}
