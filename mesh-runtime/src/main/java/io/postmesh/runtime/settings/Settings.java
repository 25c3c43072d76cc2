package io.postmesh.runtime.settings;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What the operator asked for: a flag, else the environment, else the file named by `POSTMESH_CONFIG`, else the
/// default. `NAME_FILE` stands for the content of a file, for every name: that is how containers are handed secrets.
///
/// A getter never throws: it notes the problem, answers the default, and [#check] names all problems at once.
/// An empty value counts as not set, as compose files leave many behind.
public final class Settings {
    private static final String CONFIG = "POSTMESH_CONFIG";

    private final Sources sources;
    private final Set<String> known = new TreeSet<>();
    private final TreeMap<String, String> effective = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();

    private Settings(Sources sources) {
        this.sources = sources;
        known.add(CONFIG);
    }

    /// @param flags setting name to value, as the command line gave them
    public static Settings load(Map<String, String> flags, Map<String, String> env) {
        var problems = new ArrayList<String>();
        var settings = new Settings(Sources.read(flags, env, CONFIG, problems));
        settings.problems.addAll(problems);
        return settings;
    }

    public String text(String name, String otherwise) {
        return parsed(name, otherwise, text -> text);
    }

    public Optional<String> optionalText(String name) {
        return optional(name, text -> text);
    }

    public boolean flag(String name, boolean otherwise) {
        return parsed(name, Boolean.toString(otherwise), Values::flag);
    }

    public int count(String name, int otherwise, int min, int max) {
        return parsed(name, Integer.toString(otherwise), text -> Values.count(text, min, max));
    }

    /// A plain number is octets; `25MiB` and its like are powers of 1024.
    public long bytes(String name, String otherwise) {
        return parsed(name, otherwise, Values::bytes);
    }

    /// Octets, out of range a problem.
    public long bytes(String name, String otherwise, long least, long most) {
        long octets = bytes(name, otherwise);
        if (octets < least) problem(name, octets + " octets are too few; write " + least + " or more");
        if (octets > most) problem(name, octets + " octets are too many; write " + most + " or less");
        return Math.clamp(octets, least, most);
    }

    /// `250ms`, `30s`, `5m`, `4h`, `5d`.
    public Duration duration(String name, String otherwise) {
        return parsed(name, otherwise, Values::duration);
    }

    public HostPort hostPort(String name, String otherwise) {
        return parsed(name, otherwise, HostPort::parse);
    }

    /// Items apart by space or comma; not set is an empty list.
    public List<String> list(String name) {
        return optional(name, Values::list).orElse(List.of());
    }

    /// Shown as `****` by [#describe].
    public Optional<Secret> secret(String name) {
        var given = given(name);
        if (given != null) effective.put(name, "****");
        return Optional.ofNullable(given).map(Secret::new);
    }

    /// @param parse its IllegalArgumentException says what is wrong with the value, and what to write instead
    public <T> T parsed(String name, String otherwise, Function<String, T> parse) {
        return optional(name, parse).orElseGet(() -> {
            effective.put(name, otherwise);
            return parse.apply(otherwise);
        });
    }

    public <T> Optional<T> optional(String name, Function<String, T> parse) {
        var given = given(name);
        if (given == null) return Optional.empty();
        effective.put(name, given);
        try {
            return Optional.of(parse.apply(given));
        } catch (IllegalArgumentException e) {
            problem(name, "'" + given + "': " + e.getMessage());
            return Optional.empty();
        }
    }

    public boolean isSet(String name) {
        return given(name) != null;
    }

    /// Names that somebody else reads, such as the launcher.
    public void alsoKnown(String... names) {
        known.addAll(List.of(names));
    }

    /// Every name somebody asked for or announced so far.
    public Set<String> names() {
        return Set.copyOf(known);
    }

    /// Something wrong that only the reader of several settings can see.
    ///
    /// @param what what is wrong and what to do
    public void problem(String name, String what) {
        var line = name + ": " + what;
        if (!problems.contains(line)) problems.add(line);
    }

    /// Of two that are of no use alone, both are set, or neither.
    public void together(String one, String other) {
        if (isSet(one) == isSet(other)) return;
        var given = isSet(one) ? one : other;
        problem(isSet(one) ? other : one, "is not set, and " + given + " is: set both or neither");
    }

    /// Call it when every config record has been read: it knows a name only once somebody asked for it.
    public void check() throws BadSettings {
        var all = new ArrayList<>(problems);
        all.addAll(sources.unknown(known));
        if (!all.isEmpty()) throw new BadSettings(all);
    }

    /// A sentence for each name in the environment that means something to the images Postmesh takes the place of, and
    /// nothing here.
    public List<String> ignored() {
        return sources.foreign(known);
    }

    /// For a command that reads a few settings of a node's environment: names it does not know are the node's.
    public void checkRead() throws BadSettings {
        if (!problems.isEmpty()) throw new BadSettings(List.copyOf(problems));
    }

    /// `NAME=value` of everything asked for that has a value, secrets masked.
    public List<String> describe() {
        return effective.entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue())
                .toList();
    }

    private @Nullable String given(String name) {
        known.add(name);
        return sources.find(name, what -> problem(name, what));
    }
}
