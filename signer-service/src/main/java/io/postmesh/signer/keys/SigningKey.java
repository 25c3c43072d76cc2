package io.postmesh.signer.keys;

import io.postmesh.mail.Domain;

/// A private key with its name in DNS. It signs; it does not show itself.
public sealed interface SigningKey permits Rsa, Ed25519 {
    Domain domain();

    String selector();

    Algorithm algorithm();

    /// The p= tag of its record, before base64.
    byte[] publicOctets();

    /// The signature over the first `length` octets of `data`. Any number of threads may ask at once.
    byte[] sign(byte[] data, int length);

    /// Where verifiers look the public half up (RFC 6376 §3.6.2.1).
    default String dnsName() {
        return selector() + "._domainkey." + domain().name();
    }

    static SigningKey of(Domain domain, String selector, KeyMaterial material) throws UnusableKey {
        return switch (material.algorithm()) {
            case RSA_SHA256 -> new Rsa(domain, selector, material.pair());
            case ED25519_SHA256 -> new Ed25519(domain, selector, material.pair());
        };
    }
}
