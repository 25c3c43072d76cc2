package io.postmesh.signer.keys;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.util.concurrent.ConcurrentLinkedQueue;

/// The signature objects of one key that are not in use: as many as ever signed at once, each prepared once.
final class IdleSignatures {
    private static final byte[] PROBE = new byte[32];

    private final String algorithm;
    private final KeyPair pair;
    private final ConcurrentLinkedQueue<Signature> idle = new ConcurrentLinkedQueue<>();

    IdleSignatures(String algorithm, KeyPair pair) throws UnusableKey {
        this.algorithm = algorithm;
        this.pair = pair;
        if (!proves()) throw new UnusableKey("its private and public parts do not belong together; make a new key");
    }

    byte[] sign(byte[] data, int length) {
        try {
            var ready = idle.poll();
            var signature = ready == null ? prepared() : ready;
            signature.update(data, 0, length);
            var signed = signature.sign();
            idle.offer(signature); // only after success: a failed one is in an unknown state
            return signed;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a key that signed at start no longer does: " + algorithm, e);
        }
    }

    private Signature prepared() throws GeneralSecurityException {
        var signature = CryptoProvider.signature(algorithm);
        signature.initSign(pair.getPrivate());
        return signature;
    }

    // Checked by the JDK's own verifier, whoever signed.
    private boolean proves() {
        try {
            var signed = sign(PROBE, PROBE.length);
            var verifier = Signature.getInstance(algorithm);
            verifier.initVerify(pair.getPublic());
            verifier.update(PROBE);
            return verifier.verify(signed);
        } catch (GeneralSecurityException | RuntimeException e) {
            return false;
        }
    }
}
