package io.postmesh.runtime.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postmesh.contract.Action;
import io.postmesh.contract.Action.Verb;
import io.postmesh.contract.ActionId;
import io.postmesh.contract.BadRecord;
import io.postmesh.contract.ControlCodec;
import io.postmesh.contract.Traits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// What `mesh.control` says, read from its beginning: which actions stand, and which of two that differ wins, as the
/// owners see it. Not safe for threads.
public final class Register {
    private record Entry(Action action, Instant since, Instant until) {
        private boolean isValid(Instant now) {
            return now.isBefore(until);
        }
    }

    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /// The next record of the topic.
    public void take(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null) return;
        var key = new String(record.key(), UTF_8);
        entries.remove(key);
        action(record).ifPresent(action -> take(action, Instant.ofEpochMilli(record.timestamp())));
    }

    // One that does not decode is a newer version's, and no owner of this one obeys it either.
    private static Optional<Action> action(ConsumerRecord<byte[], byte[]> record) {
        try {
            return record.value() == null ? Optional.empty() : Optional.of(ControlCodec.action(record.value()));
        } catch (BadRecord newer) {
            return Optional.empty();
        }
    }

    void take(Action action, Instant since) {
        if (action.stands()) entries.put(action.id().text(), new Entry(action, since, until(action, since)));
    }

    void end(ActionId id) {
        entries.remove(id.text());
    }

    // As the owners do: else what it ended would begin again when its own time is over.
    private Instant until(Action action, Instant since) {
        var until = since.plus(action.lasts());
        var ended = action.verb().ends();
        for (var other : entries.values()) {
            boolean stood = other.isValid(since)
                    && ended.equals(Optional.of(other.action().verb()));
            if (stood && other.until().isAfter(until)) until = other.until();
        }
        return until;
    }

    private static boolean differ(Verb a, Verb b) {
        return a.ends().equals(Optional.of(b)) || b.ends().equals(Optional.of(a));
    }

    /// What stands, oldest first.
    public List<InForce> at(Instant now) {
        var valid = valid(now);
        var found = new ArrayList<InForce>();
        for (int i = 0; i < valid.size(); i++) found.add(inForce(valid.get(i), valid.subList(i + 1, valid.size())));
        return found;
    }

    private List<Entry> valid(Instant now) {
        return entries.values().stream().filter(one -> one.isValid(now)).toList();
    }

    private static InForce inForce(Entry one, List<Entry> later) {
        var overrule = overrule(one, later);
        return new InForce(
                one.action(),
                one.since(),
                one.until(),
                overrule,
                overrule.isPresent() ? List.of() : except(one, later));
    }

    private static Optional<Action> overrule(Entry one, List<Entry> later) {
        return later.stream()
                .map(Entry::action)
                .filter(other -> differ(one.action().verb(), other.verb()))
                .filter(other -> other.selector().covers(one.action().selector()))
                .findFirst();
    }

    private static List<Action> except(Entry one, List<Entry> later) {
        var except = new ArrayList<Action>();
        for (int i = 0; i < later.size(); i++) {
            var other = later.get(i);
            boolean differs = differ(one.action().verb(), other.action().verb())
                    && other.action().selector().meets(one.action().selector());
            if (differs && overrule(other, later.subList(i + 1, later.size())).isEmpty()) except.add(other.action());
        }
        return except;
    }

    /// Whether a mail that waits is suspended: the latest suspension or resumption that selects it says so.
    public boolean suspends(Traits mail, Instant now) {
        boolean suspended = false;
        for (var one : entries.values()) {
            var verb = one.action().verb();
            if (verb != Verb.SUSPEND && verb != Verb.RESUME) continue;
            if (one.isValid(now) && one.action().selector().matches(mail)) suspended = verb == Verb.SUSPEND;
        }
        return suspended;
    }
}
