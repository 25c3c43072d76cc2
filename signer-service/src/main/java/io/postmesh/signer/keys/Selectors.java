package io.postmesh.signer.keys;

import io.postmesh.mail.Domain;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Which selector a domain's key has, in the words of `DKIM_SELECTOR`: `sel` or `sel,dom=sel2,dom2=sel3`.
///
/// boky's rules: an exact domain wins, else the bare value, else `mail`. Of two bare values boky takes the last; here
/// that is refused, as one of them was meant for a domain. Ed25519 keys have names of their own, because a selector
/// names one record and a record holds one key.
public record Selectors(String fallback, Map<Domain, String> ofDomains) {
    private static final String BOKYS_DEFAULT = "mail";
    private static final String ED25519_SUFFIX = "-ed25519";
    private static final int MAX_SELECTOR = 120; // with ._domainkey. and a domain behind it, it has to fit a DNS name

    public static final Selectors DEFAULT = parse("");

    public Selectors {
        ofDomains = Map.copyOf(ofDomains);
    }

    /// @throws IllegalArgumentException with the problem and the fix in its message
    public static Selectors parse(String text) {
        var ofDomains = new HashMap<Domain, String>();
        var fallback = Optional.<String>empty();
        for (var part : text.split(",", -1)) {
            var entry = part.strip();
            int equals = entry.indexOf('=');
            if (entry.isEmpty()) continue;
            if (equals < 0) fallback = Optional.of(only(entry, fallback));
            else ofDomains.put(domain(entry.substring(0, equals)), checked(entry.substring(equals + 1)));
        }
        return new Selectors(fallback.orElse(BOKYS_DEFAULT), ofDomains);
    }

    public String rsa(Domain domain) {
        return ofDomains.getOrDefault(domain, fallback);
    }

    String of(Domain domain, Algorithm algorithm) {
        return switch (algorithm) {
            case RSA_SHA256 -> rsa(domain);
            case ED25519_SHA256 -> ed25519(rsa(domain));
        };
    }

    static String ed25519(String rsaSelector) {
        return rsaSelector + ED25519_SUFFIX;
    }

    private static String only(String entry, Optional<String> former) {
        if (former.isPresent())
            throw new IllegalArgumentException("\"" + shown(former.get()) + "\" and \"" + shown(entry)
                    + "\" are both for all domains; write sel or sel,example.org=sel2");
        return checked(entry);
    }

    private static Domain domain(String text) {
        return Domain.parse(text.strip())
                .orElseThrow(() -> new IllegalArgumentException(
                        "\"" + shown(text) + "\" is not a domain; write sel or sel,example.org=sel2"));
    }

    private static String checked(String text) {
        var selector = text.strip().toLowerCase(Locale.ROOT); // DNS does not tell case apart
        if (isSelector(selector)) return selector;
        throw new IllegalArgumentException(
                "\"" + shown(text) + "\" is not a selector; letters, digits, hyphens and inner dots, such as mail");
    }

    /// A selector is a row of DNS labels (RFC 6376 §3.1). Underscores are in use, so they pass.
    static boolean isSelector(String s) {
        if (s.length() > MAX_SELECTOR) return false;
        for (var label : s.split("\\.", -1)) if (!isLabel(label)) return false;
        return true;
    }

    private static boolean isLabel(String s) {
        if (s.isEmpty() || s.length() > 63 || s.startsWith("-") || s.endsWith("-")) return false;
        return s.chars().allMatch(c -> c == '-' || c == '_' || c < 0x80 && Character.isLetterOrDigit(c));
    }

    private static String shown(String text) {
        var printable = text.replaceAll("[^ -~]", "?");
        return printable.length() <= 80 ? printable : printable.substring(0, 80) + "...";
    }
}
