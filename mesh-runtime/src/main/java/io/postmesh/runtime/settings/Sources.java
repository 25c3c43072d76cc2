package io.postmesh.runtime.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where settings come from, nearest first.
record Sources(List<Source> nearestFirst) {
    private static final String FILE = "_FILE";
    private static final String OURS = "POSTMESH_";

    /// What boky/postfix reads.
    private static final Pattern FOREIGN =
            Pattern.compile("(POSTFIX|POSTFIXMASTER|DKIM|OPENDKIM|RELAYHOST|ALLOWED|SMTPD"
                    + "|XOAUTH2|SASL)_\\w+|MASQUERADED_DOMAINS|MYNETWORKS|SMTP_HEADER_CHECKS|INBOUND_DEBUGGING"
                    + "|LOG_FORMAT|AUTOSET_HOSTNAME|SENDER_LOGIN_MAPS\\w*");

    /// @param ownNamesOnly every name in it is meant for us, so an unknown one is a mistake; the environment is shared
    record Source(String label, Map<String, String> values, boolean ownNamesOnly) {}

    static Sources read(Map<String, String> flags, Map<String, String> env, String config, List<String> problems) {
        var direct = new Sources(List.of(new Source("flag", flags, true), new Source("environment", env, false)));
        var path = direct.find(config, what -> problems.add(config + ": " + what));
        if (path == null) return direct;
        var all = new ArrayList<>(direct.nearestFirst);
        all.add(new Source("file " + path, load(config, path, problems), true));
        return new Sources(List.copyOf(all));
    }

    @Nullable
    String find(String name, Consumer<String> problem) {
        for (var source : nearestFirst) {
            var value = present(source, name);
            var file = present(source, name + FILE);
            if (value != null && file != null) {
                problem.accept("set twice, once as " + name + FILE + "; remove one of them");
            }
            if (value != null) return value;
            if (file != null) return content(name, file, problem);
        }
        return null;
    }

    /// One line for each name nobody asked for, with the name that was probably meant.
    List<String> unknown(Set<String> known) {
        var lines = new ArrayList<String>();
        for (var source : nearestFirst) {
            source.values.keySet().stream()
                    .filter(name -> source.ownNamesOnly || name.startsWith(OURS))
                    .filter(name -> !known.contains(name) && !known.contains(withoutFile(name)))
                    .sorted()
                    .map(name -> name + ": no such setting (" + source.label + ")" + meant(name, known))
                    .forEach(lines::add);
        }
        return lines;
    }

    /// Names of other images that nobody asked for, each with what becomes of it. The environment is shared, so they
    /// are
    /// no mistake, but whoever moves here must not believe that they work.
    List<String> foreign(Set<String> known) {
        return nearestFirst.stream()
                .filter(source -> !source.ownNamesOnly)
                .flatMap(source -> source.values.keySet().stream())
                .filter(name -> FOREIGN.matcher(name).matches())
                .filter(name -> !known.contains(name) && !known.contains(withoutFile(name)))
                .sorted()
                .map(name -> name + " has no meaning here and is ignored"
                        + ofAnotherPrefix(name, known)
                                .map(near -> "; did you mean " + near + "?")
                                .orElse(""))
                .toList();
    }

    private static String meant(String name, Set<String> known) {
        return ofAnotherPrefix(name, known)
                .or(() -> NearestName.of(name, known))
                .map(near -> "; did you mean " + near + "?")
                .orElse("; remove it");
    }

    // Much that is set here goes by the bare name of boky/postfix: `RELAYHOST`, not `POSTMESH_RELAYHOST`.
    private static Optional<String> ofAnotherPrefix(String name, Set<String> known) {
        return known.stream()
                .filter(one -> !one.equals(withoutFile(name)) && bare(one).equalsIgnoreCase(bare(name)))
                .min(Comparator.comparingInt(String::length));
    }

    private static String bare(String name) {
        return withoutFile(name).replaceFirst("^(POSTMESH|POSTFIX)_", "");
    }

    private static @Nullable String present(Source source, String name) {
        var value = source.values.get(name);
        return value == null || value.isBlank() ? null : value.strip();
    }

    private static @Nullable String content(String name, String file, Consumer<String> problem) {
        try {
            var text = Files.readString(Path.of(file)).strip();
            return text.isEmpty() ? null : text;
        } catch (IOException | InvalidPathException e) {
            problem.accept("the file " + file + " named by " + name + FILE + " cannot be read; check path and rights");
            return null;
        }
    }

    private static Map<String, String> load(String config, String path, List<String> problems) {
        var properties = new Properties();
        try (var in = Files.newBufferedReader(Path.of(path))) {
            properties.load(in);
        } catch (IOException | IllegalArgumentException e) {
            problems.add(config + ": the file " + path + " cannot be read; check path, rights and NAME=value lines");
        }
        var values = new HashMap<String, String>();
        properties.stringPropertyNames().forEach(name -> values.put(name, properties.getProperty(name)));
        return values;
    }

    private static String withoutFile(String name) {
        return name.endsWith(FILE) ? name.substring(0, name.length() - FILE.length()) : name;
    }
}
