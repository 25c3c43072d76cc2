package io.postmesh.delivery.smtp;

import io.postmesh.delivery.plan.Egress;
import io.postmesh.delivery.plan.Providers;
import io.postmesh.delivery.plan.RelayHost;
import io.postmesh.runtime.settings.HostPort;
import io.postmesh.runtime.settings.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Optional;

/// How the carrier finds hosts and talks to them.
///
/// @param hello      our name in EHLO
/// @param port       of MX hosts
/// @param dnsServers empty: the system's
/// @param caFile     authorities to trust at `verify` and `secure`; empty: Java's
/// @param providers  told apart in metrics
public record CarrierConfig(
        String hello,
        int port,
        Egress egress,
        List<HostPort> dnsServers,
        Optional<Relay> relay,
        TlsLevel tls,
        Optional<String> caFile,
        int mailsPerConnection,
        Timeouts timeouts,
        Providers providers) {
    private static final String RELAYHOST = "RELAYHOST";
    private static final String USERNAME = "RELAYHOST_USERNAME";
    private static final String PASSWORD = "RELAYHOST_PASSWORD";
    private static final String TLS_LEVEL = "POSTFIX_smtp_tls_security_level";

    /// The configured relay: its hops in order, and how to log in to any of them.
    public record Relay(List<RelayHost> hops, Optional<Credentials> credentials) {}

    public static CarrierConfig from(Settings s) {
        var tls = s.parsed(TLS_LEVEL, "may", TlsLevel::parse); // encrypt what can be encrypted, lose no mail over it
        return new CarrierConfig(
                s.parsed("POSTFIX_myhostname", machineName(), CarrierConfig::hostName), // boky's default, too
                s.count("POSTMESH_DELIVERY_PORT", 25, 1, 65535),
                s.parsed("POSTMESH_EGRESS", "public", Egress::parse),
                s.optional("POSTMESH_DNS_SERVERS", CarrierConfig::servers).orElse(List.of()),
                relay(s),
                tls,
                s.optional("POSTFIX_smtp_tls_CAfile", CarrierConfig::certificates),
                s.count("POSTMESH_CONNECTION_MESSAGES", 100, 1, 100_000), // what the big providers bear
                Timeouts.STANDARD,
                s.parsed("POSTMESH_METRICS_PROVIDERS", Providers.USUAL, Providers::parse));
    }

    private static Optional<Relay> relay(Settings s) {
        var hops = s.optional(RELAYHOST, RelayHost::parseList);
        var user = s.optionalText(USERNAME);
        var password = s.secret(PASSWORD);
        if (user.isPresent() != password.isPresent()) {
            s.problem(user.isPresent() ? PASSWORD : USERNAME, "the relay wants both a name and a password; set it");
        }
        if (user.isPresent() && hops.isEmpty() && !s.isSet(RELAYHOST)) {
            s.problem(RELAYHOST, "there are credentials and no relay; set it, or remove " + USERNAME);
        }
        return hops.map(list -> new Relay(list, user.flatMap(u -> password.map(p -> new Credentials(u, p)))));
    }

    private static List<HostPort> servers(String text) {
        return List.of(text.split("[\\s,]+")).stream()
                .filter(item -> !item.isEmpty())
                .map(CarrierConfig::server)
                .toList();
    }

    private static HostPort server(String item) {
        var server = item.lastIndexOf(':') < 0 ? new HostPort(item, 53) : HostPort.parse(item);
        if (!isLiteral(server.host()))
            throw new IllegalArgumentException("'" + item + "' is no IP address; write one, with a port where it is not"
                    + " 53, such as 192.0.2.53 or 192.0.2.53:5353");
        return server;
    }

    // A name would have to be resolved by the very servers it names.
    private static boolean isLiteral(String host) {
        try {
            InetAddress.ofLiteral(host);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    // A file without one would fail every handshake, for ever.
    private static String certificates(String file) {
        try (var in = Files.newInputStream(Path.of(file))) {
            if (CertificateFactory.getInstance("X.509").generateCertificates(in).isEmpty())
                throw new IllegalArgumentException("holds no certificate in PEM form");
            return file;
        } catch (IOException e) {
            throw new IllegalArgumentException("no such file, or not readable", e);
        } catch (CertificateException e) {
            throw new IllegalArgumentException("holds no certificate in PEM form", e);
        }
    }

    private static String machineName() {
        try {
            return hostName(InetAddress.getLocalHost().getHostName());
        } catch (UnknownHostException | IllegalArgumentException e) {
            return "localhost";
        }
    }

    // It is said in EHLO as it stands; an address literal in brackets is allowed there (RFC 5321 §4.1.3).
    private static String hostName(String text) {
        boolean plain =
                text.chars().allMatch(c -> c < 0x80 && (Character.isLetterOrDigit(c) || ".-_[]:".indexOf(c) >= 0));
        if (!plain || text.length() > 255)
            throw new IllegalArgumentException("write a host name, such as mail.example.org");
        return text;
    }
}
