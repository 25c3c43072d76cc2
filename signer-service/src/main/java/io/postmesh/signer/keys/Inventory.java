package io.postmesh.signer.keys;

import io.postmesh.mail.Domain;
import io.postmesh.signer.keys.KeyFolder.Found;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One walk through the key folder. It collects every fault instead of stopping at the first.
///
/// Of a domain's keys of one kind, the one [Selectors] names is used; without it, the only one there is. So a lone key
/// needs no setting, and a second one that waits for its record in DNS is never used by accident.
final class Inventory {
    private record KeyFile(Path path, SigningKey key) {}

    private final Selectors selectors;
    private final Map<Domain, List<KeyFile>> files = new TreeMap<>();
    private final Set<Domain> seen = new TreeSet<>();
    private final List<String> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    Inventory(Selectors selectors) {
        this.selectors = selectors;
    }

    Found of(Path folder) {
        for (var path : list(folder)) {
            var name = path.getFileName().toString();
            if (Files.isDirectory(path)) Domain.parse(name).ifPresent(domain -> readHome(domain, path));
            else if (name.endsWith(KeyFolder.KEY)) readSingle(path, stem(name));
        }
        var keys = files.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> inUse(e.getKey(), e.getValue())));
        keys.values().removeIf(List::isEmpty);
        return new Found(new KeyRing(keys), Set.copyOf(seen), List.copyOf(problems), List.copyOf(warnings));
    }

    private void readSingle(Path file, String name) {
        var domain = Domain.parse(name);
        if (domain.isPresent()) readKey(file, domain.get(), null);
        else problems.add(file + ": is not named after a domain; name it like example.org" + KeyFolder.KEY);
    }

    private void readHome(Domain domain, Path home) {
        for (var file : list(home)) {
            var name = file.getFileName().toString();
            if (!name.endsWith(KeyFolder.KEY)) continue;
            var selector = stem(name).toLowerCase(Locale.ROOT);
            if (Selectors.isSelector(selector)) readKey(file, domain, selector);
            else problems.add(file + ": is not named after a selector; name it like mail" + KeyFolder.KEY);
        }
    }

    /// @param named the selector in the file's name; null in boky's layout, where the setting gives it
    private void readKey(Path file, Domain domain, @Nullable String named) {
        seen.add(domain);
        try {
            var material = KeyMaterial.parse(content(file));
            var selector = named != null ? named : selectors.of(domain, material.algorithm());
            var key = SigningKey.of(domain, selector, material);
            files.computeIfAbsent(domain, d -> new ArrayList<>()).add(new KeyFile(file, key));
        } catch (UnusableKey e) {
            problems.add(file + ": " + e.getMessage());
        } catch (AccessDeniedException e) {
            problems.add(file + ": may not be read; make it readable for this process's user");
        } catch (IOException e) {
            problems.add(file + ": cannot be read (" + e.getMessage() + ")");
        }
    }

    private static byte[] content(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(KeyMaterial.MAX_FILE + 1);
        }
    }

    private List<SigningKey> inUse(Domain domain, List<KeyFile> all) {
        var used = new ArrayList<SigningKey>();
        for (var algorithm : Algorithm.values()) inUse(domain, algorithm, all).ifPresent(used::add);
        if (used.size() == 2 && used.getFirst().dnsName().equals(used.getLast().dnsName()))
            problems.add(domain + " has an RSA and an Ed25519 key for selector "
                    + used.getFirst().selector() + "; a DNS record holds one, so rename one of them");
        return used;
    }

    private Optional<SigningKey> inUse(Domain domain, Algorithm algorithm, List<KeyFile> all) {
        var ofKind = all.stream().filter(f -> f.key.algorithm() == algorithm).toList();
        var wanted = selectors.of(domain, algorithm);
        var named = ofKind.stream().filter(f -> f.key.selector().equals(wanted)).toList();
        var candidates = named.isEmpty() ? ofKind : named;
        if (candidates.size() > 1) problems.add(severalFor(domain, candidates));
        var used = candidates.stream().map(KeyFile::key).findFirst();
        used.ifPresent(this::warnIfShort);
        return used;
    }

    private void warnIfShort(SigningKey key) {
        if (key instanceof Rsa rsa && rsa.bits() < Rsa.BETTER_FROM)
            warnings.add(key + ": a key this short is trusted less and may soon be refused (RFC 8301); make one of "
                    + Rsa.BETTER_FROM + " bits under a new selector");
    }

    private static String severalFor(Domain domain, List<KeyFile> candidates) {
        var names = candidates.stream().map(f -> f.path.toString()).sorted().collect(Collectors.joining(", "));
        return domain + " has several keys of one kind and DKIM_SELECTOR picks none of them alone: " + names
                + "; set DKIM_SELECTOR to mail," + domain + "=SELECTOR, or remove all but one";
    }

    // Names that begin with a dot are the system's: half-written files, the links of a mounted Kubernetes secret.
    private List<Path> list(Path folder) {
        try (var entries = Files.list(folder)) {
            return entries.filter(p -> !p.getFileName().toString().startsWith("."))
                    .sorted(Comparator.naturalOrder())
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            problems.add(folder + ": is not a folder this process's user may read");
            return List.of();
        }
    }

    private static String stem(String name) {
        return name.substring(0, name.length() - KeyFolder.KEY.length());
    }
}
