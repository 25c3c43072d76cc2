package io.postmesh.signer.keys;

/// The two algorithms receivers know (RFC 6376 §3.3.1 as updated by RFC 8301; RFC 8463).
public enum Algorithm {
    RSA_SHA256("rsa-sha256", "rsa"),
    ED25519_SHA256("ed25519-sha256", "ed25519");

    private final String tag;
    private final String keyType;

    Algorithm(String tag, String keyType) {
        this.tag = tag;
        this.keyType = keyType;
    }

    /// The a= tag of a signature (RFC 6376 §3.5).
    public String tag() {
        return tag;
    }

    /// The k= tag of a key record (RFC 6376 §3.6.1).
    public String keyType() {
        return keyType;
    }
}
