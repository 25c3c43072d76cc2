package io.postmesh.signer.keys;

import io.postmesh.mail.Domain;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// The keys in use, by domain: RSA first, then Ed25519. A subdomain does not share its parent's keys.
public final class KeyRing {
    public static final KeyRing EMPTY = new KeyRing(Map.of());

    private final Map<Domain, List<SigningKey>> keys;

    KeyRing(Map<Domain, List<SigningKey>> keys) {
        this.keys = Map.copyOf(keys);
    }

    /// The keys that sign as this domain; none means it goes unsigned.
    public Optional<List<SigningKey>> of(Domain domain) {
        return Optional.ofNullable(keys.get(domain));
    }

    public SortedSet<Domain> domains() {
        return new TreeSet<>(keys.keySet());
    }

    @Override
    public String toString() {
        return "keys for " + domains();
    }
}
