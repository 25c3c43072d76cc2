package io.postmesh.signer.keys;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import java.util.Base64;

/// A key pair and its kind, as a key file says it: PKCS#1 or PKCS#8 for RSA; PKCS#8 or the bare seed in base64 (as in
/// RFC 8463 A.1) for Ed25519.
record KeyMaterial(Algorithm algorithm, KeyPair pair) {
    static final int MAX_FILE = 64 * 1024;

    private static final int SEED = 32;
    private static final byte[] RSA_OID = {0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1};
    private static final byte[] ED25519_OID = {0x2b, 0x65, 0x70}; // RFC 8410 §3
    private static final byte[] NULL = {0x05, 0x00};
    private static final byte[] ZERO = {0};

    static KeyMaterial parse(byte[] file) throws UnusableKey {
        if (file.length > MAX_FILE) throw new UnusableKey("is too large for a key; put one private key in it");
        var text = new String(file, ISO_8859_1);
        int begin = text.indexOf("-----BEGIN ");
        return begin < 0 ? bareSeed(text) : pem(text, begin);
    }

    // A file may begin with words, parameters or a certificate; the first private key counts (RFC 7468 §5.2).
    private static KeyMaterial pem(String text, int begin) throws UnusableKey {
        for (int at = begin; at >= 0; at = text.indexOf("-----BEGIN ", at + 1)) {
            int label = at + "-----BEGIN ".length();
            int dashes = text.indexOf("-----", label);
            if (dashes < 0) break;
            var name = text.substring(label, dashes);
            if (!name.endsWith("PRIVATE KEY")) continue;
            int content = dashes + "-----".length();
            int end = text.indexOf("-----END " + name + "-----", content);
            if (end < 0) throw new UnusableKey("ends before its END line; copy the whole file");
            return pem(name, text.substring(content, end));
        }
        throw new UnusableKey("holds no PRIVATE KEY; put the private key there, not the public one");
    }

    private static KeyMaterial pem(String label, String content) throws UnusableKey {
        if (label.startsWith("ENCRYPTED") || content.contains("ENCRYPTED"))
            throw new UnusableKey("is encrypted; write it without a pass phrase: openssl pkey -in FILE -out FILE.new");
        return switch (label) {
            case "RSA PRIVATE KEY" -> rsa(pkcs8(base64(content)));
            case "PRIVATE KEY" -> anyKind(base64(content));
            default ->
                throw new UnusableKey("holds another kind of key; DKIM knows RSA and Ed25519:"
                        + " openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out FILE");
        };
    }

    private static byte[] pkcs8(byte[] pkcs1) {
        var algorithm = Der.element(Der.SEQUENCE, Der.element(Der.OBJECT_ID, RSA_OID), NULL);
        return Der.element(Der.SEQUENCE, Der.element(Der.INTEGER, ZERO), algorithm, Der.element(Der.OCTETS, pkcs1));
    }

    private static KeyMaterial anyKind(byte[] pkcs8) throws UnusableKey {
        var key = new Der(pkcs8).open(Der.SEQUENCE);
        key.read(Der.INTEGER);
        var oid = key.open(Der.SEQUENCE).read(Der.OBJECT_ID);
        if (Arrays.equals(oid, RSA_OID)) return rsa(pkcs8);
        if (Arrays.equals(oid, ED25519_OID)) return ed25519(key.open(Der.OCTETS).read(Der.OCTETS)); // RFC 8410 §7
        throw new UnusableKey("holds a key that is neither RSA nor Ed25519; DKIM knows no other (RFC 8463)");
    }

    private static KeyMaterial bareSeed(String text) throws UnusableKey {
        return ed25519(base64(text));
    }

    private static KeyMaterial rsa(byte[] pkcs8) throws UnusableKey {
        try {
            var factory = KeyFactory.getInstance("RSA");
            var key = factory.generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            if (!(key instanceof RSAPrivateCrtKey rsa))
                throw new UnusableKey("has lost its primes; write it again with openssl rsa, or make a new one");
            var open = factory.generatePublic(new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent()));
            return new KeyMaterial(Algorithm.RSA_SHA256, new KeyPair(open, rsa));
        } catch (GeneralSecurityException e) { // its text could quote numbers of the key
            throw new UnusableKey("the RSA key inside is damaged; take it from its backup, or make a new one");
        }
    }

    private static KeyMaterial ed25519(byte[] seed) throws UnusableKey {
        if (seed.length != SEED)
            throw new UnusableKey("is neither PEM nor 32 octets of base64; an Ed25519 key is one or the other");
        try {
            // The JDK derives the public half only while it makes a pair, so it gets the seed as its "random" octets.
            var generator = KeyPairGenerator.getInstance("Ed25519", "SunEC");
            generator.initialize(NamedParameterSpec.ED25519, new Known(seed));
            return new KeyMaterial(Algorithm.ED25519_SHA256, generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK since 15 has Ed25519", e);
        }
    }

    private static byte[] base64(String text) throws UnusableKey {
        try {
            return Base64.getDecoder().decode(text.replaceAll("\\s", ""));
        } catch (IllegalArgumentException e) {
            throw new UnusableKey("is not the base64 a key file has; copy the whole file again");
        }
    }

    /// Never the keys themselves.
    @Override
    public String toString() {
        return algorithm.toString();
    }

    private static final class Known extends SecureRandom {
        private static final long serialVersionUID = 1;
        private final byte[] octets;

        Known(byte[] octets) {
            this.octets = octets;
        }

        @Override
        public void nextBytes(byte[] out) {
            System.arraycopy(octets, 0, out, 0, out.length);
        }
    }
}
