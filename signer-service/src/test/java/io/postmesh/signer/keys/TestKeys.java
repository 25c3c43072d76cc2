package io.postmesh.signer.keys;

import io.postmesh.mail.Domain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Keys from the test resources, for tests only.
public final class TestKeys {
    public static final Domain DOMAIN = new Domain("example.org");
    public static final SigningKey RSA = key("rsa2048-pkcs1.pem", DOMAIN, "mail");
    public static final SigningKey ED25519 = key("ed25519-pkcs8.pem", DOMAIN, "mail-ed25519");
    public static final List<SigningKey> BOTH = List.of(RSA, ED25519);

    private TestKeys() {}

    public static KeyRing ring() {
        return new KeyRing(Map.of(DOMAIN, BOTH));
    }

    public static Map<String, String> dns() {
        return Map.of(
                RSA.dnsName(),
                KeyRecord.of(RSA).text(),
                ED25519.dnsName(),
                KeyRecord.of(ED25519).text());
    }

    public static SigningKey key(String file, Domain domain, String selector) {
        try {
            return SigningKey.of(domain, selector, KeyMaterial.parse(bytes(file)));
        } catch (UnusableKey e) {
            throw new AssertionError(file, e);
        }
    }

    public static SigningKey key(byte[] content, Domain domain, String selector) {
        try {
            return SigningKey.of(domain, selector, KeyMaterial.parse(content));
        } catch (UnusableKey e) {
            throw new AssertionError(e);
        }
    }

    public static byte[] bytes(String file) {
        try {
            return Files.readAllBytes(path(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Path path(String file) {
        return Path.of("src/test/resources/keys", file);
    }
}
