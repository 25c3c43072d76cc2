package io.postmesh.local;

import io.postmesh.audit.Trails;
import io.postmesh.contract.Action;
import io.postmesh.contract.Envelope;
import io.postmesh.contract.Journey;
import io.postmesh.contract.LedgerCodec;
import io.postmesh.contract.MailRecord;
import io.postmesh.contract.Recipient;
import io.postmesh.contract.RecordCodec;
import io.postmesh.contract.Repeat;
import io.postmesh.contract.Topics;
import io.postmesh.mail.LogText;
import io.postmesh.mail.MailId;
import io.postmesh.runtime.kafka.KafkaSettings;
import io.postmesh.runtime.settings.BadSettings;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Sends a mail again on purpose. What comes a second time inside the mesh is dropped (LEDGER L18); a repeat is
/// another mail, and the same repeat is the same mail.
@Command(
        name = "resend",
        mixinStandardHelpOptions = true,
        description = "Sends a mail again, whatever became of it, as a new mail whose id follows from the old one and"
                + " the number of the repeat: the same command given twice sends once.",
        exitCodeOnInvalidInput = Main.USAGE)
final class QueueResendCommand implements Callable<Integer> {
    private static final Duration ANSWER = Duration.ofSeconds(25);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private QueueOptions options = new QueueOptions();

    @Parameters(index = "0", paramLabel = "ID", description = "the mail id")
    private String id = "";

    @Option(names = "--to", split = ",", description = "only these of its recipients")
    private List<String> to = List.of();

    @Option(
            names = "--repeat",
            defaultValue = "1",
            description = "which repeat this is: count on for another; default: ${DEFAULT-VALUE}")
    private int number = 1;

    @Option(names = "--reason", required = true, description = "why; it stands in the mail's journey")
    private String reason = "";

    @Override
    public Integer call() throws BadSettings, IOException {
        var repeat = repeat();
        var kafka = options.kafka();
        var trails = new Trails(kafka);
        var kept = trails.accepted(repeat.of(), Set.of(repeat.of(), repeat.id()));
        var mail = mail(kept, trails, repeat.of());
        var again = again(mail.envelope(), repeat);
        boolean wasSent = positions(of(repeat.id(), kept)).containsAll(positions(Stream.of(again)));
        send(kafka, new MailRecord(again, mail.headers(), mail.body()), repeat);
        options.say(() -> document(again, repeat, wasSent), () -> List.of(sentence(again, repeat, wasSent)));
        return 0;
    }

    // Quarantine is kept for longer, and what lies there was not sent to these recipients.
    private static MailRecord mail(List<MailRecord> kept, Trails trails, MailId id) throws IOException {
        for (var mail : kept) if (mail.envelope().id().equals(id)) return mail;
        return trails.quarantined(id)
                .orElseThrow(() -> new IOException(id + " is not in " + Topics.ACCEPTED.topic()
                        + " any more, or never was, and not in " + Topics.QUARANTINE.topic()
                        + ": a mail can be sent again for a day (POSTMESH_REPLAY_WINDOW), or from quarantine"));
    }

    private static Stream<Envelope> of(MailId id, List<MailRecord> kept) {
        return kept.stream()
                .map(MailRecord::envelope)
                .filter(envelope -> envelope.id().equals(id));
    }

    private static Set<Integer> positions(Stream<Envelope> envelopes) {
        return envelopes
                .flatMap(envelope -> envelope.recipients().stream())
                .map(Recipient::position)
                .collect(Collectors.toSet());
    }

    private static JsonObject document(Envelope again, Repeat repeat, boolean wasSent) {
        return new JsonObject()
                .put("mail", again.id().text())
                .put("repeats", repeat.of().text())
                .put("number", repeat.number())
                .put("recipients", again.recipients().size())
                .put("sent_before", wasSent);
    }

    static String sentence(Envelope again, Repeat repeat, boolean wasSent) {
        return again.id() + "  is repeat " + repeat.number() + " of " + repeat.of() + ", to "
                + Words.of(again.recipients().size(), "recipient")
                + (wasSent ? "; it was sent again already, and nobody gets it twice" : "")
                + "; for one more say --repeat " + (repeat.number() + 1);
    }

    private Repeat repeat() {
        if (reason.isBlank() || reason.length() > Action.MAX_REASON || !LogText.isOneLine(reason))
            throw new ParameterException(spec.commandLine(), "give a reason of one line");
        try {
            return new Repeat(QueueWhyCommand.mail(spec, id), number);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
        }
    }

    private Envelope again(Envelope old, Repeat repeat) {
        var recipients = old.recipients().stream().filter(this::isMeant).toList();
        if (recipients.isEmpty())
            throw new ParameterException(spec.commandLine(), "none of --to is a recipient of " + repeat.of());
        return new Envelope(
                repeat.id(),
                Instant.now(),
                old.placement(),
                old.sender(),
                recipients,
                old.origin(),
                old.content(),
                Optional.empty());
    }

    private boolean isMeant(Recipient one) {
        return to.isEmpty() || to.stream().anyMatch(one.address().text()::equalsIgnoreCase);
    }

    // The word for it first: a journey without a mail explains itself, a mail without a reason does not.
    private void send(KafkaSettings kafka, MailRecord mail, Repeat repeat) throws IOException {
        var properties = kafka.producer("resend");
        properties.put("delivery.timeout.ms", (int) ANSWER.toMillis());
        properties.put("request.timeout.ms", (int) ANSWER.toMillis() / 2);
        properties.put("max.block.ms", ANSWER.toMillis());
        properties.put("linger.ms", 0);
        try (var producer = new KafkaProducer<byte[], byte[]>(properties)) {
            write(producer, Topics.EVENTS, LedgerCodec.encode(note(mail.envelope(), repeat)));
            write(producer, Topics.ACCEPTED, RecordCodec.encode(mail));
        }
    }

    private Journey note(Envelope mail, Repeat repeat) {
        return new Journey(
                mail.id(),
                Journey.Stage.ACCEPTED,
                mail.acceptedAt(),
                mail.acceptedAt(),
                mail.sender().text(),
                mail.recipients().stream().map(one -> one.address().text()).toList(),
                "repeat " + number + " of " + repeat.of() + " by " + Operator.name() + ": " + reason);
    }

    private static void write(KafkaProducer<byte[], byte[]> producer, Topics topic, byte[] value) throws IOException {
        try {
            producer.send(new ProducerRecord<>(topic.topic(), value)).get(ANSWER.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("Kafka did not take it: " + (e.getCause() == null ? e : e.getCause()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted before Kafka had it", e);
        }
    }
}
