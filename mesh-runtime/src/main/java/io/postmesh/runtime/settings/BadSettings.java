package io.postmesh.runtime.settings;

import java.util.List;

/// Everything that is wrong with the settings, one line each. The caller prints them and exits with 78 (EX_CONFIG).
public final class BadSettings extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<String> problems;

    public BadSettings(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    public List<String> problems() {
        return problems;
    }
}
