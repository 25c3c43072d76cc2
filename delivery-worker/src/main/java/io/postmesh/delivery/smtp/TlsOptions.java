package io.postmesh.delivery.smtp;

import io.postmesh.delivery.plan.Host;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a level means for a handshake, and whether a certificate is the right one.
///
/// @param options made once: Vert.x keeps the TLS context of options it has seen
record TlsOptions(TlsLevel level, ClientSSLOptions options) {
    private static final int DNS_NAME = 2; // in X509Certificate's lists of alternative names

    /// @param caFile PEM file of the authorities to trust instead of Java's
    static TlsOptions of(TlsLevel level, Optional<String> caFile) {
        // Names are compared here, by the level's own rule; the chain is checked by Java.
        var options = new ClientSSLOptions().setHostnameVerificationAlgorithm("");
        if (!level.isVerified()) options.setTrustAll(true);
        else caFile.ifPresent(file -> options.setTrustOptions(new PemTrustOptions().addCertPath(file)));
        return new TlsOptions(level, options);
    }

    /// Whether whom we met is whom the level wants: at `verify` the host, at `secure` the next hop or a host below it,
    /// as Postfix's `smtp_tls_verify_cert_match` and `smtp_tls_secure_cert_match` have it.
    boolean accepts(List<Certificate> chain, Host host) {
        if (!level.isVerified()) return true;
        if (chain.isEmpty() || !(chain.getFirst() instanceof X509Certificate leaf)) return false;
        boolean below = level == TlsLevel.SECURE;
        var wanted = below ? host.nextHop() : host.name();
        return names(leaf).stream().anyMatch(name -> matches(name, wanted, below));
    }

    // RFC 6125 §6.4.3: a wildcard stands for one whole label, the leftmost.
    private static boolean matches(String presented, String wanted, boolean below) {
        if (presented.equals(wanted)) return true;
        if (below && presented.endsWith("." + wanted)) return true;
        int dot = wanted.indexOf('.');
        return presented.startsWith("*.") && dot > 0 && presented.substring(1).equals(wanted.substring(dot));
    }

    private static List<String> names(X509Certificate leaf) {
        try {
            var names = leaf.getSubjectAlternativeNames();
            if (names == null) return List.of();
            return names.stream()
                    .filter(name -> name.getFirst() instanceof Integer type && type == DNS_NAME)
                    .map(name -> String.valueOf(name.getLast()).toLowerCase(Locale.ROOT))
                    .toList();
        } catch (CertificateParsingException e) {
            return List.of(); // a certificate for nobody
        }
    }
}
