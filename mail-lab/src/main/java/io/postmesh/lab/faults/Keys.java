package io.postmesh.lab.faults;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/// The sender's DKIM keys, made by the test itself: an RSA-2048 one in the layout
/// `<domain>/<selector>.private`, with the record a verifier looks up beside it.
final class Keys {
    private static final String DOMAIN = "demo.test";
    private static final String SELECTOR = "mail";

    private Keys() {}

    static void make(Path folder) throws IOException {
        var home = Files.createDirectories(folder.resolve(DOMAIN));
        var pair = pair();
        var lines = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII));
        var secret = home.resolve(SELECTOR + ".private");
        Files.writeString(
                secret,
                "-----BEGIN PRIVATE KEY-----\n"
                        + lines.encodeToString(pair.getPrivate().getEncoded()) + "\n-----END PRIVATE KEY-----\n");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(
                home.resolve(SELECTOR + ".txt"),
                SELECTOR + "._domainkey." + DOMAIN + ". IN TXT \"v=DKIM1; k=rsa; p="
                        + Base64.getEncoder().encodeToString(pair.getPublic().getEncoded()) + "\"\n");
    }

    private static KeyPair pair() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has RSA", e);
        }
    }
}
