package io.postmesh.delivery.owner;

import io.postmesh.contract.Outcome;
import io.postmesh.contract.Topics;
import io.postmesh.mail.LogText;
import io.postmesh.mail.SmtpReply;
import io.postmesh.runtime.log.Fact;
import io.postmesh.runtime.trace.Parent;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.header.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One log line per result, the mail id first. Written after the ledger has it.
final class ResultLine {
    private static final Logger log = LoggerFactory.getLogger("io.postmesh.delivery.result");

    private ResultLine() {}

    /// @param trace as the mail's record has it
    static void log(Outcome o, List<Header> trace) {
        if (!log.isInfoEnabled()) return;
        Fact.of(log.atInfo(), o.id(), o.kind().name().toLowerCase(Locale.ROOT))
                .list("to", o.recipients(), LogText::word)
                .with("attempt", o.by().attempt())
                .with("remote", orDash(o.heard().remote()))
                .with("tls", orDash(o.heard().tls()))
                .quoted("reply", o.reply().map(SmtpReply::text).orElse(""))
                .with("ms", Duration.between(o.about().acceptedAt(), o.at()).toMillis())
                .with("reason", o.reason().name().toLowerCase(Locale.ROOT))
                .trace(Parent.of(trace).map(Parent::traceId))
                .field("topic", Topics.OUTCOMES.topic())
                .say();
    }

    private static String orDash(String text) {
        return text.isEmpty() ? "-" : text;
    }
}
