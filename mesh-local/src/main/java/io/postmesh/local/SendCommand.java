package io.postmesh.local;

import io.postmesh.audit.Trails;
import io.postmesh.mail.MailAddress;
import io.postmesh.mail.MailId;
import io.postmesh.runtime.settings.BadSettings;
import io.postmesh.runtime.settings.HostPort;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.mail.MailAttachment;
import io.vertx.ext.mail.MailMessage;
import java.io.IOException;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Composes a test mail, submits it, prints the mail id and the reply; and what became of it, when told to wait for
/// that.
@Command(
        name = "send",
        mixinStandardHelpOptions = true,
        description =
                "Sends a test mail and prints its mail id and the reply, which says that it was taken and not that it"
                        + " arrived: --wait does. Exit code 1 when it was not taken, or with --wait not delivered.",
        exitCodeOnInvalidInput = Main.USAGE)
final class SendCommand implements Callable<Integer> {
    private static final long MAX_ATTACHED = 50L << 20; // in all: the mail is composed in memory

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--to", required = true, split = ",", description = "recipients; give it again or use commas")
    private List<String> to = List.of();

    @Option(
            names = "--from",
            defaultValue = "me@demo.test",
            description = "sender, in envelope and From; default: ${DEFAULT-VALUE}")
    private String from = "";

    @Option(names = "--subject", description = "default: Postmesh test mail, with the time")
    private Optional<String> subject = Optional.empty();

    @Option(
            names = "--text",
            defaultValue = "This is a test mail from Postmesh.",
            description = "body; default: ${DEFAULT-VALUE}")
    private String text = "";

    @Option(names = "--attach", description = "a file to attach; give it again for more")
    private List<Path> attach = List.of();

    @Option(names = "--server", description = "host:port; default: POSTMESH_SMTP_LISTEN, or 127.0.0.1:2525")
    private Optional<String> server = Optional.empty();

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            description =
                    "waits so long at most, such as 60s, until every recipient has the mail, and says what became of"
                            + " it. Asks the Kafka of the settings, or of the node at work on this machine, as 'queue' does")
    private Optional<String> wait = Optional.empty();

    @Mixin
    private SettingOptions settings = new SettingOptions();

    @Override
    public Integer call() throws NotSent, BadSettings, IOException, InterruptedException {
        var address = address();
        var mail = mail();
        if (wait.isEmpty()) {
            submit(address, mail);
            return 0;
        }
        var atMost = QueueOptions.duration(spec, "--wait", wait.get());
        var trails = new Trails(QueueOptions.kafka(settings)); // what is wrong there is told before a mail goes
        var id = MailId.parse(submit(address, mail).mailId())
                .orElseThrow(
                        () -> new NotSent("the reply names no mail id of Postmesh: what becomes of it is not known"));
        var arrival = Arrival.await(trails, id, recipients(), atMost);
        say(arrival.lines());
        return arrival.isDelivered() ? 0 : Main.FAILED;
    }

    private Submission.Receipt submit(HostPort address, MailMessage mail) throws NotSent, InterruptedException {
        var vertx = Vertx.vertx();
        try {
            var receipt = Submission.send(vertx, address, mail);
            say(List.of((receipt.mailId().isEmpty() ? "sent" : receipt.mailId()) + "  " + receipt.reply()));
            return receipt;
        } finally {
            vertx.close().await();
        }
    }

    private void say(List<String> lines) {
        var out = Objects.requireNonNull(spec.commandLine()).getOut();
        lines.forEach(out::println);
        out.flush();
    }

    private HostPort address() throws BadSettings {
        return server.isPresent() ? Listen.option(spec, "--server", server.get()) : Listen.smtp(System.getenv());
    }

    // Whom the door counts: one who is named twice once.
    private int recipients() {
        return (int) to.stream().map(one -> checked("--to", one)).distinct().count();
    }

    // `ann@one.test`, or as in a From field: `Ann <ann@one.test>`.
    private MailAddress checked(String option, String text) {
        int open = text.endsWith(">") ? text.lastIndexOf('<') : -1;
        var address = open < 0 ? text : text.substring(open + 1, text.length() - 1);
        return MailAddress.parse(address.strip())
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(),
                        option + " " + text + " is no mail address; write one such as you@example.net"));
    }

    private MailMessage mail() throws IOException {
        checked("--from", from);
        to.forEach(one -> checked("--to", one));
        return new MailMessage()
                .setFrom(from)
                .setTo(to)
                .setSubject(subject.orElseGet(() -> "Postmesh test mail, "
                        + DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
                                ZonedDateTime.now().withNano(0))))
                .setText(text)
                .setAttachment(attachments());
    }

    private List<MailAttachment> attachments() throws IOException {
        var attachments = new ArrayList<MailAttachment>();
        long octets = 0;
        for (var file : attach) {
            if (!Files.isRegularFile(file) || !Files.isReadable(file))
                throw usage(file, "no such file, or not readable");
            octets += Files.size(file);
            if (octets > MAX_ATTACHED) throw usage(file, "more than 50 MiB in all");
            attachments.add(attachment(file));
        }
        return attachments;
    }

    private ParameterException usage(Path file, String what) {
        return new ParameterException(spec.commandLine(), "--attach " + file + ": " + what);
    }

    private static MailAttachment attachment(Path file) throws IOException {
        var name = String.valueOf(file.getFileName());
        var type = URLConnection.guessContentTypeFromName(name);
        return MailAttachment.create()
                .setName(name)
                .setContentType(type == null ? "application/octet-stream" : type)
                .setData(Buffer.buffer(Files.readAllBytes(file)));
    }
}
