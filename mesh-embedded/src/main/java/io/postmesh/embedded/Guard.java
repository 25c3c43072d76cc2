package io.postmesh.embedded;

import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/// A broker that asks who is there: for trials of what a mesh meets on the Kafka of a company. Beside the listener of
/// loopback, whose clients may do everything, it has one with TLS and a login (`PLAIN`, `SCRAM-SHA-256`,
/// `SCRAM-SHA-512`) and one with TLS and client certificates. Whoever comes in there may do what a rule allows.
///
/// @param certificate     PEM, of the broker, for `localhost`
/// @param key             PEM (PKCS #8), of the broker
/// @param clientAuthority PEM, of those whose certificates are let in
/// @param plain           name and password of each user of `PLAIN`; those of SCRAM are made with an admin client
public record Guard(String certificate, String key, String clientAuthority, Map<String, String> plain) {
    private static final String PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule";
    private static final String SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule";

    static final String LOGIN = "LOGIN";
    static final String MUTUAL = "MUTUAL";

    public Guard {
        plain = Map.copyOf(plain);
    }

    @Override
    public String toString() {
        return "Guard of " + plain.keySet();
    }

    /// The guard at its two doors.
    record Posted(Guard guard, int loginPort, int mutualPort) {
        void describe(Properties p) {
            BrokerSettings.beside(p, LOGIN, "SASL_SSL", "127.0.0.1:" + loginPort, told(loginPort));
            BrokerSettings.beside(p, MUTUAL, "SSL", "127.0.0.1:" + mutualPort, told(mutualPort));
            guard.login(p);
            guard.mutual(p);
            p.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
            p.put("super.users", "User:ANONYMOUS"); // of loopback
        }

        /// By name: the name is in the certificate.
        static String told(int port) {
            return "localhost:" + port;
        }
    }

    private void login(Properties p) {
        var listener = "listener.name." + LOGIN.toLowerCase(Locale.ROOT) + ".";
        p.put(listener + "sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512");
        p.put(listener + "plain.sasl.jaas.config", PLAIN + " required" + users() + ";");
        p.put(listener + "scram-sha-256.sasl.jaas.config", SCRAM + " required;");
        p.put(listener + "scram-sha-512.sasl.jaas.config", SCRAM + " required;");
        show(p, listener);
    }

    private void mutual(Properties p) {
        var listener = "listener.name." + MUTUAL.toLowerCase(Locale.ROOT) + ".";
        p.put(listener + "ssl.client.auth", "required");
        p.put(listener + "ssl.truststore.type", "PEM");
        p.put(listener + "ssl.truststore.certificates", clientAuthority);
        show(p, listener);
    }

    private void show(Properties p, String listener) {
        p.put(listener + "ssl.keystore.type", "PEM");
        p.put(listener + "ssl.keystore.certificate.chain", certificate);
        p.put(listener + "ssl.keystore.key", key);
    }

    private String users() {
        return plain.entrySet().stream()
                .map(user -> " user_" + user.getKey() + "=\""
                        + user.getValue().replace("\\", "\\\\").replace("\"", "\\\"") + "\"")
                .collect(Collectors.joining());
    }
}
