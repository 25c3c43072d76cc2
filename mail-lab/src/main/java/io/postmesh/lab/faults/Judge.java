package io.postmesh.lab.faults;

import io.postmesh.lab.load.Witness.Accepted;
import io.postmesh.lab.load.Witness.Refused;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/// Counts what was promised against what came. Pure: the same evidence gives the same verdict.
public final class Judge {
    private final Evidence evidence;
    private final Map<String, Accepted> accepted = new HashMap<>(); // by message id
    private final Map<String, Refused> refused = new HashMap<>();
    private final Map<String, Instant> promised = new LinkedHashMap<>(); // by message id and recipient: when
    private final Map<String, List<Delivery>> delivered = new HashMap<>(); // the same: every copy, oldest first

    private Judge(Evidence evidence) {
        this.evidence = evidence;
        for (var mail : evidence.accepted()) {
            accepted.put(mail.messageId(), mail);
            for (var to : mail.recipients()) promised.put(pair(mail.messageId(), to), mail.at());
        }
        for (var refusal : evidence.refused()) refused.put(refusal.messageId(), refusal);
        evidence.deliveries().stream()
                .sorted(Comparator.comparing(Delivery::at))
                .forEach(copy -> copy.recipients()
                        .forEach(to -> delivered
                                .computeIfAbsent(pair(copy.messageId(), to), _ -> new ArrayList<>())
                                .add(copy)));
    }

    public static Verdict judge(Evidence evidence) {
        return new Judge(evidence).verdict();
    }

    static String pair(String messageId, String recipient) {
        return messageId + " " + recipient;
    }

    private Verdict verdict() {
        var replies = evidence.refused();
        return new Verdict(
                evidence.accepted().size(),
                promised.size(),
                evidence.injections().size(),
                lost(),
                copies(),
                (int) delivered.values().stream().filter(all -> all.size() > 1).count(),
                unexplained(),
                inFlight(),
                count(copy -> !copy.intact()),
                count(copy -> !copy.signed()),
                strangers(),
                phantoms().size(),
                phantoms().stream().filter(this::cannotBe).toList(),
                slowest(),
                acceptGap(),
                takeOver(),
                (int) replies.stream().filter(r -> r.code() / 100 == 4).count(),
                (int) replies.stream().filter(r -> r.code() / 100 == 5).count(),
                (int) replies.stream().filter(Refused::broken).count());
    }

    private List<String> lost() {
        var missing = new LinkedHashSet<>(promised.keySet());
        missing.removeAll(delivered.keySet());
        missing.removeAll(reported());
        return List.copyOf(missing);
    }

    private Set<String> reported() {
        var names = new HashMap<String, String>(); // of the mail ids
        evidence.accepted().forEach(mail -> names.put(mail.mailId(), mail.messageId()));
        var pairs = new HashSet<String>();
        for (var report : evidence.reports())
            for (var to : report.recipients()) pairs.add(pair(names.getOrDefault(report.mailId(), ""), to));
        return pairs;
    }

    private int copies() {
        return delivered.values().stream().mapToInt(all -> all.size() - 1).sum();
    }

    // Each copy but the last needs a fault that found it in flight, or a sink that hung up on it: who saw neither was
    // done, and came again.
    private List<String> unexplained() {
        var found = new ArrayList<String>();
        delivered.forEach((pair, all) -> {
            for (var copy : all.subList(0, all.size() - 1)) {
                boolean explained =
                        copy.isUnheard() || evidence.injections().stream().anyMatch(fault -> fault.excuses(copy));
                if (!explained) found.add(pair);
            }
        });
        return found;
    }

    private int inFlight() {
        int sum = 0;
        for (var copy : evidence.deliveries()) {
            long meetings = copy.isUnheard()
                    ? 1
                    : evidence.injections().stream()
                            .filter(fault -> fault.interrupts(copy))
                            .count();
            sum += (int) meetings * copy.recipients().size();
        }
        return sum;
    }

    private int count(Predicate<Delivery> which) {
        return (int) evidence.deliveries().stream().filter(which).count();
    }

    private List<String> strangers() {
        var found = new TreeSet<String>();
        for (var copy : evidence.deliveries()) {
            var envelope = envelope(copy.messageId());
            for (var to : copy.recipients()) if (!envelope.contains(to)) found.add(pair(copy.messageId(), to));
        }
        return List.copyOf(found);
    }

    private Set<String> envelope(String messageId) {
        return Optional.ofNullable(accepted.get(messageId))
                .map(Accepted::recipients)
                .or(() -> Optional.ofNullable(refused.get(messageId)).map(Refused::recipients))
                .map(all -> Set.copyOf(List.of(all)))
                .orElse(Set.of());
    }

    private Set<String> phantoms() {
        var found = new TreeSet<String>();
        for (var copy : evidence.deliveries()) if (!accepted.containsKey(copy.messageId())) found.add(copy.messageId());
        return found;
    }

    private boolean cannotBe(String messageId) {
        var refusal = refused.get(messageId);
        return refusal == null || !refusal.afterDot() || refusal.code() >= 500;
    }

    private Duration slowest() {
        return evidence.accepted().stream()
                .map(Accepted::took)
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    private Duration acceptGap() {
        var longest = Duration.ZERO;
        var times = evidence.accepted().stream().map(Accepted::at).sorted().toList();
        for (int i = 1; i < times.size(); i++)
            longest = longer(longest, Duration.between(times.get(i - 1), times.get(i)));
        return longest;
    }

    private Duration takeOver() {
        var longest = Duration.ZERO;
        for (var fault : evidence.injections())
            for (var promise : promised.entrySet())
                longest = longer(longest, wait(fault, promise.getKey(), promise.getValue()));
        return longest;
    }

    // Of mail that was accepted before the fault and not done by then; of a copy in flight, until the next one.
    private Duration wait(Injection fault, String pair, Instant since) {
        if (since.isAfter(fault.from())) return Duration.ZERO;
        var copies = delivered.getOrDefault(pair, List.of());
        boolean done = !copies.isEmpty() && copies.getFirst().answered().isBefore(fault.from());
        if (done) return Duration.ZERO;
        var next = nextAfter(fault);
        return copies.stream()
                .map(Delivery::at)
                .filter(at -> at.isAfter(fault.until()))
                .findFirst()
                .map(at -> next.filter(at::isAfter).orElse(at))
                .map(at -> Duration.between(fault.from(), at))
                .orElse(Duration.ZERO);
    }

    // Whoever had taken over may have been killed, too: then that fault's clock runs, and this one's until then.
    private Optional<Instant> nextAfter(Injection fault) {
        return evidence.injections().stream()
                .map(Injection::from)
                .filter(from -> from.isAfter(fault.from()))
                .min(Comparator.naturalOrder());
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
