package io.postmesh.signer.keys;

import io.postmesh.mail.Domain;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/// ed25519-sha256 (RFC 8463 §3): PureEdDSA over the SHA-256 of the data, so the hash is taken here.
public final class Ed25519 implements SigningKey {
    static final String SIGNATURE = "Ed25519";

    private static final int PUBLIC_OCTETS = 32;

    private final Domain domain;
    private final String selector;
    private final byte[] open;
    private final IdleSignatures signatures;

    Ed25519(Domain domain, String selector, KeyPair pair) throws UnusableKey {
        this.domain = domain;
        this.selector = selector;
        var info = pair.getPublic().getEncoded();
        this.open = Arrays.copyOfRange(info, info.length - PUBLIC_OCTETS, info.length); // RFC 8410 §4: it ends with it
        this.signatures = new IdleSignatures(SIGNATURE, pair);
    }

    @Override
    public Domain domain() {
        return domain;
    }

    @Override
    public String selector() {
        return selector;
    }

    @Override
    public Algorithm algorithm() {
        return Algorithm.ED25519_SHA256;
    }

    @Override
    public byte[] publicOctets() {
        return open.clone();
    }

    @Override
    public byte[] sign(byte[] data, int length) {
        var hash = sha256(data, length);
        return signatures.sign(hash, hash.length);
    }

    private static byte[] sha256(byte[] data, int length) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(data, 0, length);
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "ed25519 " + dnsName();
    }
}
