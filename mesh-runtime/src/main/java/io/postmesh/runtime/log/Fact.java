package io.postmesh.runtime.log;

import io.postmesh.mail.LogText;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.slf4j.spi.LoggingEventBuilder;

/// Something that happened to a mail, said once: as a line for people, the mail id first, and as fields for machines.
///
/// ```
/// Fact.of(log.atInfo(), id, "accepted").with("octets", 512).trace(traceId).say();
/// ```
public final class Fact {
    private LoggingEventBuilder event;
    private final StringBuilder line = new StringBuilder(160);

    private Fact(LoggingEventBuilder event) {
        this.event = event;
    }

    /// Of a mail that has no id, because it was not taken.
    ///
    /// @param what a word of ours
    public static Fact of(LoggingEventBuilder event, String what) {
        var fact = new Fact(event);
        fact.line.append(what);
        return fact.field("fact", what);
    }

    /// @param event at its level, such as `log.atInfo()`
    /// @param mail  its id
    /// @param what  a word of ours: accepted, delivered
    public static Fact of(LoggingEventBuilder event, Object mail, String what) {
        return of(event, mail, what, what);
    }

    /// @param shown what people see instead of the word
    public static Fact of(LoggingEventBuilder event, Object mail, String what, String shown) {
        var fact = new Fact(event);
        fact.line.append(mail).append(' ').append(shown);
        return fact.field("mail", mail.toString()).field("fact", what);
    }

    public Fact with(String name, long value) {
        line.append(' ').append(name).append('=').append(value);
        return field(name, value);
    }

    public Fact with(String name, boolean value) {
        line.append(' ').append(name).append('=').append(value);
        return field(name, value);
    }

    /// @param value without a space where another one follows
    public Fact with(String name, String value) {
        return with(name, value, value);
    }

    /// @param shown as people see it
    public Fact with(String name, String value, String shown) {
        line.append(' ').append(name).append('=').append(shown);
        return field(name, LogText.line(value));
    }

    /// Whatever a stranger says in it, its quotes are the only ones: it cannot end them and go on as a field of ours.
    public Fact quoted(String name, String value) {
        return with(name, value, '"' + value.replace("\"", "\\u0022") + '"');
    }

    public Fact list(String name, List<String> values, UnaryOperator<String> shown) {
        line.append(' ').append(name).append('=');
        line.append(values.stream().map(shown).collect(Collectors.joining(",")));
        return field(name, values.stream().map(LogText::line).toList());
    }

    public Fact trace(String id) {
        return with("trace", id);
    }

    public Fact trace(Optional<String> id) {
        return id.map(this::trace).orElse(this);
    }

    /// For machines only.
    public Fact field(String name, Object value) {
        event = event.addKeyValue(name, value);
        return this;
    }

    public void say() {
        event.log(line.toString());
    }
}
