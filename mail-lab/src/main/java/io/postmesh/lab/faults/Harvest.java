package io.postmesh.lab.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.postmesh.lab.sink.Received;
import io.postmesh.lab.sink.SmtpSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/// Keeps everything a sink takes: who it was for, when, and the octets in a file.
final class Harvest {
    private static final Pattern MESSAGE_ID = Pattern.compile("(?mi)^Message-ID:\\s*(<[^>]+>)");
    private static final Pattern MAIL_ID = Pattern.compile("(?mi)^X-Postmesh-Mail-ID:\\s*(\\S+)");
    private static final Pattern FINAL_RECIPIENT = Pattern.compile("(?mi)^Final-Recipient:[^;]+;\\s*(\\S+)");
    private static final int HEADERS = 64 * 1024;

    /// A message as the sink took it.
    ///
    /// @param report what it reports, when it is a delivery status notification
    record Caught(
            long number, Instant at, String messageId, List<String> recipients, Path file, Optional<Report> report) {}

    private final Path folder;
    private final Map<Long, Caught> caught = new ConcurrentHashMap<>();
    private final Map<Long, Instant> answers = new ConcurrentHashMap<>();
    private final Set<String> pairs = ConcurrentHashMap.newKeySet(); // message id and recipient
    private final Set<String> reported = ConcurrentHashMap.newKeySet(); // mail id and recipient
    private final AtomicInteger open = new AtomicInteger();

    private Harvest(Path folder) {
        this.folder = folder;
    }

    /// From now on all that comes to the sink belongs to this run.
    static Harvest of(SmtpSink sink, Path folder) throws IOException {
        var harvest = new Harvest(Files.createDirectories(folder));
        sink.onAnswered(harvest::answered);
        sink.onReceived(harvest::take);
        return harvest;
    }

    private void take(Received mail) {
        var message = mail.message();
        var file = folder.resolve(String.format(Locale.ROOT, "%07d.eml", mail.number()));
        try {
            Files.write(file, message);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        keep(mail, new String(message, 0, Math.min(HEADERS, message.length), ISO_8859_1), file);
    }

    private void keep(Received mail, String text, Path file) {
        var found = MESSAGE_ID.matcher(text);
        var id = found.find() ? found.group(1) : "none";
        var report = mail.sender().isEmpty() ? report(text) : Optional.<Report>empty();
        open.incrementAndGet();
        caught.put(mail.number(), new Caught(mail.number(), mail.at(), id, mail.recipients(), file, report));
        report.ifPresent(told -> told.recipients().forEach(to -> reported.add(told.mailId() + " " + to)));
        mail.recipients().forEach(to -> pairs.add(Judge.pair(id, to)));
    }

    private static Optional<Report> report(String text) {
        var mailId = MAIL_ID.matcher(text);
        if (!mailId.find()) return Optional.empty();
        var recipients =
                FINAL_RECIPIENT.matcher(text).results().map(one -> one.group(1)).toList();
        return Optional.of(new Report(mailId.group(1), recipients));
    }

    private void answered(Received mail) {
        open.decrementAndGet();
        if (mail.answered()) answers.put(mail.number(), Instant.now());
    }

    /// Messages whose dot has come and whose reply has not gone out yet.
    int open() {
        return open.get();
    }

    int count() {
        return caught.size();
    }

    boolean has(String messageId, String mailId, String recipient) {
        return pairs.contains(Judge.pair(messageId, recipient)) || reported.contains(mailId + " " + recipient);
    }

    /// When the sink wrote its reply to this message; never when it did not, or when nobody may have read it.
    Instant answered(long number) {
        return answers.getOrDefault(number, Delivery.NEVER);
    }

    List<Caught> all() {
        return List.copyOf(caught.values());
    }
}
