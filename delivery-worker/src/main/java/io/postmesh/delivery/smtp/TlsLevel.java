package io.postmesh.delivery.smtp;

import java.util.Locale;

/// How much TLS a session needs: Postfix's `smtp_tls_security_level`, with its words.
enum TlsLevel {
    /// Never.
    NONE,
    /// When offered, without asking who is at the other end; in clear when it fails.
    MAY,
    /// Always, without asking who is at the other end.
    ENCRYPT,
    /// Always, with a certificate we trust for the host's name. (That name is the DNS's word only.)
    VERIFY,
    /// Always, with a certificate we trust for the domain or relay we set out for.
    SECURE;

    static TlsLevel parse(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "none" -> NONE;
            case "may" -> MAY;
            case "encrypt" -> ENCRYPT;
            case "verify" -> VERIFY;
            case "secure" -> SECURE;
            case "dane", "dane-only", "half-dane", "fingerprint" ->
                throw new IllegalArgumentException("this level is not there yet; the nearest are verify and secure");
            default -> throw new IllegalArgumentException("write none, may, encrypt, verify or secure");
        };
    }

    boolean isRequired() {
        return compareTo(ENCRYPT) >= 0;
    }

    boolean isVerified() {
        return compareTo(VERIFY) >= 0;
    }
}
