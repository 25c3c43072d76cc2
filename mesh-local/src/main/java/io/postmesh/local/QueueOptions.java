package io.postmesh.local;

import io.postmesh.contract.Selector;
import io.postmesh.contract.Tag;
import io.postmesh.mail.Domain;
import io.postmesh.mail.LogText;
import io.postmesh.mail.MailId;
import io.postmesh.runtime.control.Commander;
import io.postmesh.runtime.kafka.KafkaSettings;
import io.postmesh.runtime.settings.BadSettings;
import io.postmesh.runtime.settings.Settings;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// What all queue commands take: which Kafka, and how to speak.
final class QueueOptions {
    @Mixin
    private SettingOptions settings = new SettingOptions();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--json", description = "one JSON document instead of a table")
    private boolean json;

    /// For programs or for people, whichever was asked for.
    void say(Supplier<JsonObject> document, Supplier<List<String>> lines) {
        var out = Objects.requireNonNull(spec.commandLine()).getOut();
        if (json) out.println(document.get().encodePrettily());
        else lines.get().forEach(out::println);
        out.flush();
    }

    /// The Kafka of the settings, or the broker of the node at work on this machine.
    KafkaSettings kafka() throws BadSettings, IOException {
        return kafka(settings);
    }

    static KafkaSettings kafka(SettingOptions settings) throws BadSettings, IOException {
        var found = Settings.load(settings.flags(), System.getenv());
        var kafka = KafkaSettings.from(found);
        var data = DataHome.ofNode(found);
        found.checkRead();
        return kafka.bringsOwnBroker() ? kafka.at(BrokerAddress.read(data)) : kafka;
    }

    Commander commander() throws BadSettings, IOException {
        return Commander.open(kafka());
    }

    /// Which mail. All that is given must match.
    static final class Selection {
        @Option(names = "--domain", description = "mail for this domain, or in the queue of this relay")
        private Optional<String> domain = Optional.empty();

        @Option(names = "--sender", description = "mail of this address or domain; <> for reports")
        private Optional<String> sender = Optional.empty();

        @Option(names = "--rule", description = "mail cleared by this rule")
        private Optional<String> rule = Optional.empty();

        @Option(names = "--tag", description = "mail with this X-Postmesh-Tag")
        private Optional<String> tag = Optional.empty();

        @Option(names = "--id", description = "the mail with this id")
        private Optional<String> id = Optional.empty();

        @Option(names = "--all", description = "all mail; an action has to be told so")
        private boolean all;

        Selector selector(CommandSpec spec) {
            if (isSome() == all)
                throw new ParameterException(
                        spec.commandLine(),
                        all
                                ? "--all is everything: give no other selector"
                                : "say which mail: --domain, --sender, --rule, --tag or --id; or say --all");
            return all ? Selector.ALL : some(spec);
        }

        private Selector some(CommandSpec spec) {
            try {
                return new Selector(
                        false,
                        given("--domain", domain).map(Selection::domain),
                        given("--sender", sender).map(Selection::sender),
                        given("--rule", rule),
                        given("--tag", tag).map(Selection::tag),
                        given("--id", id).map(Selection::mail));
            } catch (IllegalArgumentException e) {
                throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
            }
        }

        /// As [#selector], and everything where nothing is given: to look at it harms nobody.
        Selector orAll(CommandSpec spec) {
            return isSome() ? selector(spec) : Selector.ALL;
        }

        private boolean isSome() {
            return domain.isPresent() || sender.isPresent() || rule.isPresent() || tag.isPresent() || id.isPresent();
        }

        // A script's `--tag "$T"` without a T would select what was never meant.
        private static Optional<String> given(String name, Optional<String> value) {
            if (value.filter(String::isBlank).isPresent())
                throw new IllegalArgumentException(name + " is empty: say which"
                        + (name.equals("--sender") ? " (the null sender is <>)" : "") + ", or leave it out");
            return value;
        }

        private static Selector.Sender sender(String text) {
            try {
                return Selector.Sender.parse(text);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("--sender " + LogText.of(text) + ": " + e.getMessage(), e);
            }
        }

        private static String domain(String text) {
            return Domain.parse(text)
                    .orElseThrow(() -> new IllegalArgumentException("--domain " + text + " is no domain"))
                    .name();
        }

        private static Tag tag(String text) {
            return Tag.of(text)
                    .orElseThrow(() -> new IllegalArgumentException("--tag: a tag has a character at least"));
        }

        static MailId mail(String text) {
            return MailId.parse(text)
                    .orElseThrow(() -> new IllegalArgumentException(text + " is no mail id: 26 letters and digits"));
        }
    }

    /// How many to show.
    static void atLeastOne(CommandSpec spec, String name, int count) {
        if (count < 1) throw new ParameterException(spec.commandLine(), name + " " + count + ": 1 or more");
    }

    static Duration duration(CommandSpec spec, String name, String text) {
        var asked = Settings.load(Map.of(name, text), Map.of());
        var length = asked.duration(name, "1h");
        try {
            asked.checkRead();
        } catch (BadSettings e) {
            throw new ParameterException(spec.commandLine(), String.join("; ", e.problems()));
        }
        return length;
    }
}
