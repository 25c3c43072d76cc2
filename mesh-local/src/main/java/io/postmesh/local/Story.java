package io.postmesh.local;

import io.postmesh.contract.Journey;
import io.postmesh.contract.Outcome;
import io.postmesh.contract.Reason;
import io.postmesh.mail.LogText;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What is known of one message, told in a line when there is something to tell. The steps come from several topics, so
/// in any order.
final class Story {
    private final String id;
    private String sender = "";
    private List<String> recipients = List.of();
    private Optional<Journey> decided = Optional.empty();
    private final Set<String> signed = new HashSet<>();
    private boolean unsigned;
    private final Map<String, Outcome> outcomes = new LinkedHashMap<>();
    private String told = "";

    Story(String id) {
        this.id = id;
    }

    void add(Journey step) {
        sender = step.sender();
        switch (step.stage()) {
            case ACCEPTED -> recipients = step.recipients();
            case CLEARED, HELD, REFUSED -> {
                recipients = step.recipients();
                decided = Optional.of(step);
            }
            case SIGNED -> {
                signed.addAll(step.recipients());
                unsigned |= step.detail().startsWith("unsigned");
            }
        }
    }

    void add(Outcome outcome) {
        sender = outcome.about().sender();
        switch (outcome.kind()) {
            case ATTEMPTED, HANDED_OVER, DROPPED_DUPLICATE -> {}
            case DELIVERED, FAILED, CANCELLED, DEFERRED -> {
                for (var recipient : outcome.recipients()) outcomes.put(recipient, outcome);
            }
        }
    }

    /// Mail accepted before we watched: its first steps are in the past.
    void tellsOnlyTheEnd(Outcome outcome) {
        if (decided.isPresent()) return;
        var all = new HashSet<>(recipients);
        all.addAll(outcome.recipients());
        recipients = all.stream().sorted().toList();
        signed.addAll(recipients);
        decided = Optional.of(new Journey(
                outcome.id(),
                Journey.Stage.CLEARED,
                outcome.about().acceptedAt(),
                outcome.about().acceptedAt(),
                outcome.about().sender(),
                recipients,
                ""));
    }

    /// The line to print now, if the story has gone on.
    Optional<String> news() {
        var line = line();
        if (line.isEmpty() || line.get().equals(told)) return Optional.empty();
        told = line.get();
        return line;
    }

    boolean isOver() {
        return decided.isPresent() && decided.get().stage() == Journey.Stage.REFUSED && outcomes.isEmpty()
                || hasAllOutcomes()
                        && outcomes.values().stream().allMatch(o -> o.kind().isFinal());
    }

    private Optional<String> line() {
        if (decided.isEmpty()) return Optional.empty();
        return switch (decided.get().stage()) {
            case REFUSED ->
                Optional.of(head() + "accepted -> refused  " + decided.get().detail());
            case HELD ->
                Optional.of(
                        hasAllOutcomes()
                                ? walked()
                                : head() + "accepted -> held  " + decided.get().detail());
            case ACCEPTED, CLEARED, SIGNED -> hasAllOutcomes() ? Optional.of(walked()) : Optional.empty();
        };
    }

    private boolean hasAllOutcomes() {
        return !recipients.isEmpty() && outcomes.keySet().containsAll(recipients) && signed.containsAll(recipients);
    }

    private String walked() {
        var last = outcomes.values().stream()
                .max(Comparator.comparing(Outcome::at))
                .orElseThrow();
        var seal = unsigned ? "unsigned" : "signed";
        return head() + "accepted -> cleared -> " + seal + " -> " + ends() + "  " + reply(last) + "  "
                + millis(last.about().acceptedAt(), last.at()) + " ms";
    }

    private String head() {
        var to = recipients.isEmpty() ? "?" : recipients.getFirst();
        var more = recipients.size() > 1 ? " +" + (recipients.size() - 1) : "";
        return id + "  " + (sender.isEmpty() ? "<>" : LogText.of(sender)) + " -> " + LogText.of(to) + more + "  ";
    }

    // One word when all went the same way, else how many went which.
    private String ends() {
        var counts = outcomes.values().stream()
                .collect(Collectors.groupingBy(Story::end, LinkedHashMap::new, Collectors.counting()));
        if (counts.size() == 1) return counts.keySet().iterator().next();
        return counts.entrySet().stream()
                .map(e -> e.getValue() + " " + e.getKey())
                .collect(Collectors.joining(", "));
    }

    private static String end(Outcome outcome) {
        return switch (outcome.kind()) {
            case DELIVERED -> "delivered";
            case FAILED -> "failed";
            case CANCELLED -> "cancelled";
            case DEFERRED -> outcome.reason() == Reason.LIMIT ? "held by a limit" : "deferred";
            case ATTEMPTED, HANDED_OVER, DROPPED_DUPLICATE -> "";
        };
    }

    private static String reply(Outcome outcome) {
        return outcome.reply().map(r -> r.text()).orElse(outcome.reason().name());
    }

    private static long millis(Instant from, Instant to) {
        return Math.max(0, Duration.between(from, to).toMillis());
    }
}
