package io.postmesh.signer.keys;

import io.postmesh.mail.Domain;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;

/// rsa-sha256 (RFC 6376 §3.3.1): PKCS #1 v1.5 over SHA-256 of the data.
public final class Rsa implements SigningKey {
    static final String SIGNATURE = "SHA256withRSA";

    static final int NEVER_BELOW = 1024; // RFC 8301 §3.2: signers MUST
    static final int BETTER_FROM = 2048; // RFC 8301 §3.2: signers SHOULD

    private final Domain domain;
    private final String selector;
    private final RSAPublicKey open;
    private final IdleSignatures signatures;

    Rsa(Domain domain, String selector, KeyPair pair) throws UnusableKey {
        this.domain = domain;
        this.selector = selector;
        this.open = (RSAPublicKey) pair.getPublic();
        if (bits() < NEVER_BELOW)
            throw new UnusableKey("is RSA of " + bits() + " bits, receivers refuse less than " + NEVER_BELOW
                    + " (RFC 8301); make one of " + BETTER_FROM);
        this.signatures = new IdleSignatures(SIGNATURE, pair);
    }

    public int bits() {
        return open.getModulus().bitLength();
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
        return Algorithm.RSA_SHA256;
    }

    @Override
    public byte[] publicOctets() {
        return open.getEncoded();
    }

    @Override
    public byte[] sign(byte[] data, int length) {
        return signatures.sign(data, length);
    }

    @Override
    public String toString() {
        return "rsa-" + bits() + " " + dnsName();
    }
}
