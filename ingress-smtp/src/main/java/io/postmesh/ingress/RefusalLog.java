package io.postmesh.ingress;

import io.postmesh.ingress.session.Client;
import io.postmesh.ingress.session.Refusal;
import io.postmesh.mail.LogText;
import io.postmesh.mail.MailAddress;
import io.postmesh.runtime.log.Fact;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A line for each refusal, as Postfix has its `NOQUEUE`, and for a flood of them a number.
final class RefusalLog implements Consumer<Refusal>, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RefusalLog.class);

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final String NOT_QUEUED = "not queued";
    private static final int NAMED = 3; // of a message's recipients

    private final LineQuota quota = new LineQuota();
    private final Vertx vertx;
    private final long timer;

    private RefusalLog(Vertx vertx) {
        this.vertx = vertx;
        this.timer = vertx.setPeriodic(MINUTE.toMillis(), _ -> sayLeftOut());
    }

    static RefusalLog open(Vertx vertx) {
        return new RefusalLog(vertx);
    }

    @Override
    public void accept(Refusal refusal) {
        if (quota.take(who(refusal.client()))) say(refusal);
    }

    // A stranger has a whole network of addresses; ours may have a client each, and one must not hide another's
    // trouble.
    private static String who(Client client) {
        return client.trusted() ? client.ip() : client.network();
    }

    private static void say(Refusal refusal) {
        var fact = Fact.of(log.atInfo(), NOT_QUEUED)
                .with("client", refusal.client().ip());
        refusal.hello().ifPresent(hello -> fact.with("hello", hello.name()));
        refusal.sender().ifPresent(sender -> fact.with("from", sender.text(), "<" + LogText.word(sender.text()) + ">"));
        var to = refusal.to();
        if (!to.isEmpty())
            fact.list("to", to.stream().limit(NAMED).map(MailAddress::text).toList(), LogText::word);
        if (to.size() > NAMED) fact.with("recipients", to.size());
        fact.quoted("reply", refusal.answer().reply().text())
                .with("reason", refusal.answer().remark().name().toLowerCase(Locale.ROOT))
                .say();
    }

    private void sayLeftOut() {
        quota.nextMinute().forEach((client, count) -> log.info("{}: {} more of {}", NOT_QUEUED, count, client));
    }

    @Override
    public void close() {
        vertx.cancelTimer(timer);
        sayLeftOut();
    }
}
