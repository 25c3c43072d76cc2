package io.postmesh.lab.sink;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// A certificate nobody vouches for, made in memory.
///
/// The JDK has no public way to make one and a crypto library would be a large guest for 300 octets, so the few
/// structures of RFC 5280 §4.1 are written out here: version 3, P-256, the host name as common name and alternative.
public final class SelfSigned {
    private static final char[] NO_PASSWORD = {};
    private static final byte[] ECDSA_SHA256 = {0x06, 8, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 4, 3, 2};
    private static final byte[] COMMON_NAME = {0x06, 3, 0x55, 4, 3};
    private static final byte[] ALTERNATIVE_NAME = {0x06, 3, 0x55, 0x1d, 0x11};
    private static final DateTimeFormatter UTC =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final KeyPair keys;
    private final X509Certificate certificate;

    private SelfSigned(KeyPair keys, X509Certificate certificate) {
        this.keys = keys;
        this.certificate = certificate;
    }

    public static SelfSigned forHost(String name) throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        var keys = generator.generateKeyPair();
        var der = new ByteArrayInputStream(certificate(name, keys));
        return new SelfSigned(
                keys, (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(der));
    }

    public X509Certificate certificate() {
        return certificate;
    }

    /// As programs other than Java like to have it.
    public String certificatePem() throws GeneralSecurityException {
        return pem("CERTIFICATE", certificate.getEncoded());
    }

    /// PKCS #8.
    public String keyPem() {
        return pem("PRIVATE KEY", keys.getPrivate().getEncoded());
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + label + "-----\n";
    }

    /// For a server that shows this certificate.
    public SSLContext serverContext() throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        store.setKeyEntry("key", keys.getPrivate(), NO_PASSWORD, new X509Certificate[] {certificate});
        var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        var context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return context;
    }

    private static byte[] certificate(String name, KeyPair keys) throws GeneralSecurityException {
        var algorithm = der(0x30, ECDSA_SHA256);
        var who = der(0x30, der(0x31, der(0x30, COMMON_NAME, der(0x0c, name.getBytes(US_ASCII)))));
        var now = Instant.now();
        var validity = der(0x30, time(now.minus(Duration.ofDays(1))), time(now.plus(Duration.ofDays(365))));
        var alternative = der(0x30, der(0x82, name.getBytes(US_ASCII)));
        var extensions = der(0xa3, der(0x30, der(0x30, ALTERNATIVE_NAME, der(0x04, alternative))));
        var version3 = der(0xa0, der(0x02, new byte[] {2}));
        var serial = der(0x02, new byte[] {1});
        var body = der(
                0x30,
                version3,
                serial,
                algorithm,
                who,
                validity,
                who,
                keys.getPublic().getEncoded(),
                extensions);

        var signer = Signature.getInstance("SHA256withECDSA");
        signer.initSign(keys.getPrivate());
        signer.update(body);
        return der(0x30, body, algorithm, der(0x03, new byte[] {0}, signer.sign()));
    }

    private static byte[] time(Instant at) {
        return der(0x17, UTC.format(at).getBytes(US_ASCII));
    }

    // Tag, length, content (X.690 §8.1); lengths here stay below 65,536.
    private static byte[] der(int tag, byte[]... parts) {
        var content = new ByteArrayOutputStream();
        for (var part : parts) content.writeBytes(part);
        int length = content.size();
        var out = new ByteArrayOutputStream(length + 4);
        out.write(tag);
        if (length > 255) {
            out.write(0x82);
            out.write(length >> 8);
        } else if (length > 127) {
            out.write(0x81);
        }
        out.write(length);
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }
}
