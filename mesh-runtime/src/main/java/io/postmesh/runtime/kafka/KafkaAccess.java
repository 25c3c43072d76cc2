package io.postmesh.runtime.kafka;

import io.postmesh.runtime.settings.Secret;
import io.postmesh.runtime.settings.Settings;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// How the brokers are reached: in the clear or by TLS, and who we are. What these settings have no word for (tokens,
/// Kerberos, key stores) is said in the operator's own file, [ClientFile].
final class KafkaAccess {
    private static final String PROTOCOL = "POSTMESH_KAFKA_SECURITY_PROTOCOL";
    private static final String MECHANISM = "POSTMESH_KAFKA_SASL_MECHANISM";
    private static final String USER = "POSTMESH_KAFKA_USER";
    private static final String PASSWORD = "POSTMESH_KAFKA_PASSWORD";
    private static final String CA = "POSTMESH_KAFKA_CA";
    private static final String CERTIFICATE = "POSTMESH_KAFKA_CERTIFICATE";
    private static final String KEY = "POSTMESH_KAFKA_KEY";
    private static final String KEY_PASSWORD = "POSTMESH_KAFKA_KEY_PASSWORD";
    private static final String FILE = "POSTMESH_KAFKA_CONFIG";

    private static final Set<String> PROTOCOLS = Set.of("PLAINTEXT", "SSL", "SASL_SSL", "SASL_PLAINTEXT");
    private static final Set<String> MECHANISMS = Set.of("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512");

    private final Settings settings;
    private final Map<String, String> file;
    private final Map<String, String> properties = new HashMap<>();

    private KafkaAccess(Settings settings, Map<String, String> file) {
        this.settings = settings;
        this.file = file;
    }

    /// Properties for every client.
    static Map<String, String> from(Settings s) {
        var access = new KafkaAccess(s, s.optional(FILE, ClientFile::read).orElse(Map.of()));
        access.login();
        access.trust();
        access.identity();
        access.protocol();
        return access.complete();
    }

    private void login() {
        var mechanism = settings.optional(MECHANISM, KafkaAccess::mechanism);
        var user = settings.optionalText(USER);
        var password = settings.secret(PASSWORD);
        settings.together(USER, PASSWORD);
        if (mechanism.isPresent() && user.isEmpty()) settings.problem(MECHANISM, "is of no use without " + USER);
        if (user.isEmpty() || password.isEmpty()) return;
        var chosen = mechanism.orElse("SCRAM-SHA-512"); // the broker keeps no password for it
        properties.put("sasl.mechanism", chosen);
        properties.put("sasl.jaas.config", jaas(chosen, user.get(), password.get()));
    }

    private static String jaas(String mechanism, String user, Secret password) {
        var module = mechanism.equals("PLAIN") ? "plain.PlainLoginModule" : "scram.ScramLoginModule";
        return "org.apache.kafka.common.security." + module + " required username=" + quoted(user) + " password="
                + quoted(password.reveal()) + ";";
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private void trust() {
        pem(CA, "CERTIFICATE").ifPresent(authorities -> {
            properties.put("ssl.truststore.type", "PEM");
            properties.put("ssl.truststore.certificates", authorities);
        });
    }

    private void identity() {
        var certificate = pem(CERTIFICATE, "CERTIFICATE");
        var key = pem(KEY, "PRIVATE KEY");
        var password = settings.secret(KEY_PASSWORD);
        settings.together(CERTIFICATE, KEY);
        if (certificate.isEmpty() || key.isEmpty()) return;
        properties.put("ssl.keystore.type", "PEM");
        properties.put("ssl.keystore.certificate.chain", certificate.get());
        properties.put("ssl.keystore.key", key.get());
        password.ifPresent(secret -> properties.put("ssl.key.password", secret.reveal()));
    }

    /// A password is never sent in the clear unless that is asked for.
    private void protocol() {
        boolean login = properties.containsKey("sasl.mechanism");
        boolean tls = settings.isSet(CA) || settings.isSet(CERTIFICATE);
        var given = settings.optional(PROTOCOL, KafkaAccess::protocol);
        if (given.isEmpty() && !login && !tls) return;
        var protocol = given.orElse(login ? "SASL_SSL" : "SSL");
        properties.put("security.protocol", protocol);
        boolean asksForLogin = protocol.startsWith("SASL_");
        if (login && !asksForLogin) settings.problem(PROTOCOL, protocol + " shows no " + USER + "; write SASL_SSL");
        if (asksForLogin && !settings.isSet(USER) && !file.containsKey("sasl.jaas.config")) {
            settings.problem(PROTOCOL, protocol + " needs " + USER + " and " + PASSWORD);
            properties.clear(); // Kafka's client would say the same in its own words
        }
        if (tls && !protocol.endsWith("SSL"))
            settings.problem(
                    PROTOCOL, protocol + " shows and checks no certificate; write " + (login ? "SASL_SSL" : "SSL"));
    }

    private Map<String, String> complete() {
        if (properties.isEmpty()) return file;
        var both = new HashMap<>(file);
        properties.forEach((name, value) -> {
            if (both.put(name, value) != null)
                settings.problem(FILE, name + " is also said by a setting of its own; remove one of them");
        });
        ClientFile.refused(both).ifPresent(why -> settings.problem(blamed(), "Kafka's client refuses it: " + why));
        if (!settings.isSet("POSTMESH_KAFKA_BOOTSTRAP"))
            settings.problem(blamed(), "is for the Kafka that POSTMESH_KAFKA_BOOTSTRAP names, and none is named");
        return both;
    }

    /// The certificates of [#CA] can be read by then; of a key we know what its first line says.
    private String blamed() {
        if (properties.containsKey("ssl.keystore.key")) return KEY;
        if (properties.containsKey("sasl.mechanism")) return USER;
        return properties.containsKey("ssl.truststore.type") ? CA : PROTOCOL;
    }

    private Optional<String> pem(String name, String label) {
        var text = settings.secret(name).map(Secret::reveal);
        if (text.isEmpty() || isPem(text.get(), label)) return text;
        settings.problem(
                name,
                "begins with no -----BEGIN " + label + "-----; name the PEM file with " + name + "_FILE"
                        + (label.equals("PRIVATE KEY") ? " (made by openssl pkcs8 -topk8 from other forms)" : ""));
        return Optional.empty();
    }

    private static boolean isPem(String text, String label) {
        if (!label.equals("CERTIFICATE"))
            return text.contains("-----BEGIN " + label + "-----") || text.contains("-----BEGIN ENCRYPTED " + label);
        try {
            var bytes = text.getBytes(StandardCharsets.US_ASCII);
            return !CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(bytes))
                    .isEmpty();
        } catch (CertificateException e) {
            return false;
        }
    }

    private static String protocol(String text) {
        return oneOf(text, PROTOCOLS);
    }

    private static String mechanism(String text) {
        return oneOf(text, MECHANISMS);
    }

    private static String oneOf(String text, Set<String> words) {
        var word = text.toUpperCase(Locale.ROOT);
        if (words.contains(word)) return word;
        throw new IllegalArgumentException(
                "write one of " + String.join(", ", words.stream().sorted().toList()));
    }
}
