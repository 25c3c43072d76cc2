package io.postmesh.local;

import io.postmesh.mail.MailAddress;
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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Composes a test mail, submits it, prints the mail id and the reply.
@Command(
        name = "send",
        mixinStandardHelpOptions = true,
        description = "Sends a test mail and prints its mail id and the reply. Exit code 1 when it was not taken.",
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

    @Override
    public Integer call() throws NotSent, BadSettings, IOException, InterruptedException {
        var address = address();
        var mail = mail();
        var vertx = Vertx.vertx();
        try {
            var receipt = Submission.send(vertx, address, mail);
            var out = Objects.requireNonNull(spec.commandLine()).getOut();
            out.println((receipt.mailId().isEmpty() ? "sent" : receipt.mailId()) + "  " + receipt.reply());
            out.flush();
            return 0;
        } finally {
            vertx.close().await();
        }
    }

    private HostPort address() throws BadSettings {
        return server.isPresent() ? Listen.option(spec, "--server", server.get()) : Listen.smtp(System.getenv());
    }

    // `ann@one.test`, or as in a From field: `Ann <ann@one.test>`.
    private void checkAddress(String option, String text) {
        int open = text.endsWith(">") ? text.lastIndexOf('<') : -1;
        var address = open < 0 ? text : text.substring(open + 1, text.length() - 1);
        if (MailAddress.parse(address.strip()).isEmpty())
            throw new ParameterException(
                    spec.commandLine(), option + " " + text + " is no mail address; write one such as you@example.net");
    }

    private MailMessage mail() throws IOException {
        checkAddress("--from", from);
        to.forEach(one -> checkAddress("--to", one));
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
