package io.postmesh.delivery.owner;

import io.postmesh.contract.Outcome;
import io.postmesh.mail.LogText;
import io.postmesh.mail.SmtpReply;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One log line per result, the mail id first. Written after the ledger has it.
final class ResultLine {
    private static final Logger log = LoggerFactory.getLogger("io.postmesh.delivery.result");

    private ResultLine() {}

    static void log(Outcome o) {
        if (!log.isInfoEnabled()) return;
        log.info(
                "{} {} to={} attempt={} remote={} tls={} reply=\"{}\" ms={} reason={}",
                o.id(),
                o.kind().name().toLowerCase(Locale.ROOT),
                o.recipients().stream().map(LogText::word).collect(Collectors.joining(",")),
                o.by().attempt(),
                orDash(o.heard().remote()),
                orDash(o.heard().tls()),
                o.reply().map(SmtpReply::text).orElse(""),
                Duration.between(o.about().acceptedAt(), o.at()).toMillis(),
                o.reason().name().toLowerCase(Locale.ROOT));
    }

    private static String orDash(String text) {
        return text.isEmpty() ? "-" : text;
    }
}
