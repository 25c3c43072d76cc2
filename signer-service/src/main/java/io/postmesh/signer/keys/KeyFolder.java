package io.postmesh.signer.keys;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.postmesh.mail.Domain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The folder of private keys: `<domain>.private` as boky has it, and `<domain>/<selector>.private` for several.
public final class KeyFolder {
    static final String KEY = ".private";
    static final String RECORD = ".txt";

    private KeyFolder() {}

    /// What a folder holds.
    ///
    /// @param keys     those in use
    /// @param domains  every domain that has a key file, readable or not
    /// @param problems what keeps the service from starting: file, fault and fix
    /// @param warnings what the operator should know
    public record Found(KeyRing keys, Set<Domain> domains, List<String> problems, List<String> warnings) {
        public Found warn(List<String> more) {
            return new Found(
                    keys,
                    domains,
                    problems,
                    Stream.concat(warnings.stream(), more.stream()).toList());
        }
    }

    /// Reads every key. A folder that is not there holds none.
    public static Found read(Path folder, Selectors selectors) {
        return new Inventory(selectors).of(folder);
    }

    /// Makes an RSA-2048 and an Ed25519 key for a domain, each with its DNS record in a .txt beside it. What is there
    /// is left alone, so doing it again completes what a crash cut short.
    ///
    /// @param selector of the RSA key; the Ed25519 key's is derived from it
    /// @throws IOException when the folder cannot be written, or holds something else under these names
    public static void generate(Path folder, Domain domain, String selector) throws IOException {
        var home = Files.createDirectories(folder.resolve(domain.name()));
        var ed25519 = Selectors.ed25519(selector);
        writeKey(home, selector, "RSA");
        writeKey(home, ed25519, "Ed25519");
        writeRecord(home, domain, ed25519);
        writeRecord(home, domain, selector); // the last file: where it is, all are
    }

    /// `DKIM_AUTOGENERATE`: keys for each domain that has none in `found`, or whose making was cut short.
    ///
    /// @return the domains that got keys, whose records are yet to be published
    public static List<Domain> generateMissing(Path folder, Iterable<Domain> domains, Selectors selectors, Found found)
            throws IOException {
        var made = new ArrayList<Domain>();
        for (var domain : domains) {
            var selector = selectors.rsa(domain);
            var home = folder.resolve(domain.name());
            boolean cutShort =
                    Files.exists(home.resolve(selector + KEY)) && !Files.exists(home.resolve(selector + RECORD));
            if (!cutShort && found.domains().contains(domain)) continue;
            generate(folder, domain, selector);
            made.add(domain);
        }
        return made;
    }

    private static void writeKey(Path home, String selector, String algorithm) throws IOException {
        var file = home.resolve(selector + KEY);
        if (!Files.exists(file)) NewFile.secret(file, pem(newPair(algorithm)));
    }

    // From the file, not from memory: if two processes made a key at once, one file stands, and the record is its.
    private static void writeRecord(Path home, Domain domain, String selector) throws IOException {
        var file = home.resolve(selector + KEY);
        try {
            var key = SigningKey.of(domain, selector, KeyMaterial.parse(Files.readAllBytes(file)));
            NewFile.open(
                    home.resolve(selector + RECORD),
                    KeyRecord.of(key).zoneLine().getBytes(US_ASCII));
        } catch (UnusableKey e) {
            throw new IOException(file + ": " + e.getMessage());
        }
    }

    private static KeyPair newPair(String algorithm) {
        try {
            var generator = KeyPairGenerator.getInstance(algorithm);
            if (algorithm.equals("RSA")) generator.initialize(Rsa.BETTER_FROM);
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK since 15 has RSA and Ed25519", e);
        }
    }

    // PKCS#8, which OpenSSL, OpenDKIM and rspamd read, too.
    private static byte[] pem(KeyPair pair) {
        var lines = Base64.getMimeEncoder(64, new byte[] {'\n'});
        var content = lines.encodeToString(pair.getPrivate().getEncoded());
        return ("-----BEGIN PRIVATE KEY-----\n" + content + "\n-----END PRIVATE KEY-----\n").getBytes(US_ASCII);
    }
}
