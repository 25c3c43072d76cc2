package io.postmesh.local;

import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/// Settings on the command line: they go before the environment.
final class SettingOptions {
    @Option(
            names = {"-s", "--set"},
            paramLabel = "NAME=VALUE",
            description = "a setting, before the environment's; give it again for more (docs/configuration.md)")
    private Map<String, String> flags = new TreeMap<>();

    Map<String, String> flags() {
        return flags;
    }
}
