package io.postmesh.delivery.bounce;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postmesh.contract.Outcome;
import io.postmesh.contract.Placement;
import io.postmesh.contract.Reason;
import io.postmesh.contract.RecordId;
import io.postmesh.mail.MailId;
import io.postmesh.mail.SmtpReply;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Makes outcomes of failed mail: `Failures.of("bob@one.test").reply(550, "5.1.1 nobody").outcome()`.
final class Failures {
    private final List<String> recipients;
    private MailId id = MailId.of(1_000, 2, 3);
    private String sender = "ann@sender.test";
    private Outcome.Kind kind = Outcome.Kind.FAILED;
    private Reason reason = Reason.REFUSED;
    private Optional<SmtpReply> reply = Optional.empty();
    private String headers = "From: <ann@sender.test>\r\nSubject: a test\r\n\r\n";
    private boolean fromMesh;
    private boolean trusted = true;
    private Optional<Placement> placement = Optional.empty();
    private Instant at = Instant.parse("2026-11-24T10:00:00Z");
    private int attempt = 1;

    private Failures(List<String> recipients) {
        this.recipients = recipients;
    }

    static Failures of(String... recipients) {
        return new Failures(List.of(recipients));
    }

    Failures id(MailId some) {
        id = some;
        return this;
    }

    Failures from(String address) {
        sender = address;
        return this;
    }

    Failures kind(Outcome.Kind some) {
        kind = some;
        return this;
    }

    Failures reason(Reason some) {
        reason = some;
        return this;
    }

    Failures reply(int code, String text) {
        reply = Optional.of(SmtpReply.of(code, text));
        return this;
    }

    Failures headers(String text) {
        headers = text;
        return this;
    }

    Failures placed(Placement there) {
        placement = Optional.of(there);
        return this;
    }

    Failures ofAReport() {
        fromMesh = true;
        return this;
    }

    Failures ofAStranger() {
        trusted = false;
        return this;
    }

    Failures at(Instant some) {
        at = some;
        return this;
    }

    Failures attempt(int number) {
        attempt = number;
        return this;
    }

    Outcome outcome() {
        var positions = new ArrayList<Integer>();
        for (int i = 0; i < recipients.size(); i++) positions.add(i);
        var record =
                RecordId.of(id, positions.stream().mapToInt(Integer::intValue).toArray());
        var accepted = Instant.parse("2026-11-24T09:00:00Z");
        return new Outcome(
                new Outcome.About(id, record, positions, recipients, sender, accepted, "one.test", false),
                what(),
                Outcome.Cause.of(reason),
                new Outcome.By("worker", attempt, 0),
                new Outcome.Heard(reply, "mx.one.test[192.0.2.1]:25", ""),
                at);
    }

    private Outcome.What what() {
        return switch (kind) {
            case FAILED ->
                Outcome.What.failed(new Outcome.Failure(headers.getBytes(UTF_8), fromMesh, trusted, placement));
            case HANDED_OVER -> Outcome.What.handedOver(at);
            case ATTEMPTED, DELIVERED, DEFERRED, DROPPED_DUPLICATE, CANCELLED -> Outcome.What.of(kind);
        };
    }
}
