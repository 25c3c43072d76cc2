package io.postmesh.local;

import io.postmesh.audit.Trail;
import io.postmesh.audit.Trails;
import io.postmesh.contract.Journey;
import io.postmesh.contract.Outcome;
import io.postmesh.mail.LogText;
import io.postmesh.mail.MailId;
import io.postmesh.mail.SmtpReply;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// What became of a mail within the time somebody waited for it, as its trail tells it.
///
/// @param recipients it was sent to
record Arrival(Trail trail, int recipients, Duration waited) {
    private static final Duration PAUSE = Duration.ofMillis(500);

    /// Looks until the mail's end is known, or the time is over.
    ///
    /// @throws IOException when Kafka does not answer
    static Arrival await(Trails trails, MailId id, int recipients, Duration atMost)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (true) {
            long asked = System.nanoTime();
            var arrival = new Arrival(trails.of(id), recipients, atMost);
            long now = System.nanoTime();
            if (arrival.isOver() || now >= deadline) return arrival;
            // A look reads what the whole mesh wrote since: on a busy one it is no more than half of the time at it.
            Thread.sleep(Duration.ofNanos(Math.min(deadline - now, Math.max(PAUSE.toNanos(), now - asked))));
        }
    }

    /// Every recipient has it.
    boolean isDelivered() {
        return ofKind(Outcome.Kind.DELIVERED)
                        .flatMap(one -> one.positions().stream())
                        .distinct()
                        .count()
                >= recipients;
    }

    private boolean isOver() {
        return isDelivered() || isLost();
    }

    private boolean isLost() {
        return isRefused()
                || !trail.quarantined().isEmpty()
                || ofKind(Outcome.Kind.FAILED).findAny().isPresent()
                || ofKind(Outcome.Kind.CANCELLED).findAny().isPresent();
    }

    private boolean isRefused() {
        return trail.journey().stream().anyMatch(step -> step.stage() == Journey.Stage.REFUSED);
    }

    private Stream<Outcome> ofKind(Outcome.Kind kind) {
        return trail.outcomes().stream().filter(one -> one.kind() == kind);
    }

    List<String> lines() {
        var lines = new ArrayList<String>();
        trail.journey().stream()
                .filter(step -> step.stage() == Journey.Stage.REFUSED || step.stage() == Journey.Stage.HELD)
                .map(step -> QueueText.word(step.stage()) + "  " + LogText.line(step.detail()))
                .forEach(lines::add);
        trail.quarantined().forEach(reason -> lines.add("in quarantine  " + LogText.line(reason)));
        trail.outcomes().stream()
                .filter(one -> one.kind().isFinal() || one.kind() == Outcome.Kind.DEFERRED)
                .map(Arrival::line)
                .forEach(lines::add);
        if (!isDelivered()) lines.add(verdict());
        return lines;
    }

    private static String line(Outcome outcome) {
        return QueueText.word(outcome.kind()) + "  "
                + String.join(
                        ", ", outcome.recipients().stream().map(LogText::of).toList())
                + (outcome.kind() == Outcome.Kind.DELIVERED ? "" : " reason=" + QueueText.word(outcome.reason()))
                + (outcome.heard().remote().isEmpty()
                        ? ""
                        : " remote=" + LogText.line(outcome.heard().remote()))
                + outcome.reply()
                        .map(SmtpReply::text)
                        .map(text -> " reply=\"" + text + "\"")
                        .orElse("");
    }

    private String verdict() {
        var id = trail.id().text();
        if (isLost()) return "not delivered; 'queue why " + id + "' tells more";
        if (trail.isEmpty())
            return "nothing is known of it in this Kafka after " + waited.toSeconds()
                    + " s: nobody clears what was accepted, or it is another mesh's";
        return "not delivered in " + waited.toSeconds() + " s, and not given up: 'queue why " + id
                + "' says when it is tried again";
    }
}
