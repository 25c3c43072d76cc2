package io.postmesh.runtime.kafka;

import java.util.List;

/// Topics as they are would endanger mail, or Kafka does not allow us what we need there. One line each: the topic or
/// group, what is wrong, the fix.
public final class BadTopics extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<String> problems;

    public BadTopics(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    public List<String> problems() {
        return problems;
    }
}
