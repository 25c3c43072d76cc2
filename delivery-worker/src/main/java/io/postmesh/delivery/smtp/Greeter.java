package io.postmesh.delivery.smtp;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postmesh.delivery.outcome.Fault;
import io.postmesh.delivery.outcome.Step;
import io.postmesh.delivery.outcome.Witness;
import io.postmesh.delivery.plan.Host;
import io.postmesh.delivery.smtp.CarrierMeters.Phase;
import io.postmesh.mail.SmtpReply;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/// Makes a session: connection, banner, EHLO, STARTTLS and EHLO again, AUTH.
///
/// @param credentials for relays; nobody else is told
record Greeter(
        Connector connector, String hello, TlsOptions tls, Optional<Credentials> credentials, CarrierMeters meters) {
    /// @param witness is told how it goes
    Session greet(Host host, Witness witness) throws Setback {
        try {
            return greet(host, tls.level() != TlsLevel.NONE, witness);
        } catch (Setback broken) {
            // Opportunistic (RFC 7435): encryption that cannot be had is no reason to lose mail. Postfix does the same.
            if (broken.step() != Step.STARTTLS || needsTls(host)) throw broken;
            return greet(host, false, witness);
        }
    }

    // A password is never said in clear, so where there is one, TLS is a must.
    private boolean needsTls(Host host) {
        return tls.level().isRequired() || credentials(host).isPresent();
    }

    private Optional<Credentials> credentials(Host host) {
        return host.relay() ? credentials : Optional.empty();
    }

    private Session greet(Host host, boolean withTls, Witness witness) throws Setback {
        var connection = meters.timed(host, Phase.CONNECT, () -> connector.connect(host));
        connection.tell(witness);
        witness.connected(host.name(), host.port(), false);
        try {
            expect(220, Step.BANNER, connection.hear(Step.BANNER));
            var extensions = hello(connection);
            var cipher = "";
            if (withTls && extensions.startTls() && meters.timed(host, Phase.TLS, () -> encrypt(connection, host))) {
                cipher = cipher(connection);
                witness.encrypted(cipher);
                extensions = helloUnderTls(connection);
            } else if (needsTls(host)) {
                throw Setback.broken(Step.STARTTLS, Fault.TLS, "is not offered");
            }
            var login = credentials(host);
            if (login.isPresent()) logIn(connection, extensions, login.get());
            return new Session(connection, host, extensions, cipher);
        } catch (Setback setback) {
            leave(connection, setback);
            throw setback;
        }
    }

    // A QUIT in clear in the middle of a handshake would only confuse.
    private static void leave(SmtpConnection connection, Setback setback) {
        if (setback.is(Fault.TLS)) connection.drop();
        else connection.quit();
    }

    // RFC 5321 §3.2: a remote without EHLO says 5xx, and is greeted the old way.
    private Extensions hello(SmtpConnection connection) throws Setback {
        connection.say(Step.HELLO, "EHLO " + hello + "\r\n", 1);
        var reply = connection.hear(Step.HELLO);
        if (reply.code() == 250) return Extensions.parse(reply);
        if (!reply.isPermanent()) throw Setback.said(Step.HELLO, reply);
        connection.say(Step.HELLO, "HELO " + hello + "\r\n", 1);
        expect(250, Step.HELLO, connection.hear(Step.HELLO));
        return Extensions.NONE;
    }

    // RFC 3207 §4.2: what was said in clear is forgotten. In TLS 1.3 a remote judges our end of the handshake after we
    // think it is over (RFC 8446 §4.4.4): its hanging up now is the handshake's failure.
    private Extensions helloUnderTls(SmtpConnection connection) throws Setback {
        try {
            return hello(connection);
        } catch (Setback setback) {
            if (setback.is(Fault.CLOSED)) throw Setback.broken(Step.STARTTLS, Fault.TLS, "ended after the handshake");
            throw setback;
        }
    }

    /// @return false when the remote thought better of it
    private boolean encrypt(SmtpConnection connection, Host host) throws Setback {
        var reply = connection.askForTls();
        if (reply.code() != 220) {
            if (reply.code() == 421 || needsTls(host)) throw Setback.said(Step.STARTTLS, reply);
            return false; // RFC 3207 §4.1: we may go on without
        }
        connection.startTls(tls.options(), serverName(host));
        if (!tls.accepts(certificates(connection), host)) {
            throw Setback.broken(Step.STARTTLS, Fault.TLS, "the certificate is for somebody else");
        }
        return true;
    }

    // RFC 6066 §3: a name with a dot in it, never an address.
    private static @Nullable String serverName(Host host) {
        var name = host.name();
        boolean isName =
                name.indexOf('.') > 0 && !name.endsWith(".") && name.chars().anyMatch(Character::isLetter);
        return isName && name.indexOf(':') < 0 && name.indexOf('_') < 0 ? name : null;
    }

    private static List<Certificate> certificates(SmtpConnection connection) {
        try {
            return connection.socket().peerCertificates();
        } catch (SSLPeerUnverifiedException e) {
            return List.of(); // an anonymous remote
        }
    }

    private static String cipher(SmtpConnection connection) {
        var session = connection.socket().sslSession();
        return session.getProtocol() + " " + session.getCipherSuite();
    }

    private static void logIn(SmtpConnection connection, Extensions extensions, Credentials login) throws Setback {
        if (extensions.auth().contains("PLAIN")) plain(connection, login);
        else if (extensions.auth().contains("LOGIN")) login(connection, login);
        else throw Setback.broken(Step.AUTH, Fault.NO_LOGIN, "the relay offers neither AUTH PLAIN nor LOGIN");
    }

    private static void plain(SmtpConnection connection, Credentials login) throws Setback {
        var response = base64("\0" + login.user() + "\0" + login.password().reveal());
        connection.say(Step.AUTH, "AUTH PLAIN " + response + "\r\n", 1);
        var reply = connection.hear(Step.AUTH);
        if (reply.code() == 334) { // it did not see the initial response (RFC 4954 §4)
            connection.say(Step.AUTH, response + "\r\n", 1);
            reply = connection.hear(Step.AUTH);
        }
        expect(235, Step.AUTH, reply);
    }

    private static void login(SmtpConnection connection, Credentials login) throws Setback {
        connection.say(Step.AUTH, "AUTH LOGIN\r\n", 1);
        expect(334, Step.AUTH, connection.hear(Step.AUTH));
        connection.say(Step.AUTH, base64(login.user()) + "\r\n", 1);
        expect(334, Step.AUTH, connection.hear(Step.AUTH));
        connection.say(Step.AUTH, base64(login.password().reveal()) + "\r\n", 1);
        expect(235, Step.AUTH, connection.hear(Step.AUTH));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    private static void expect(int code, Step step, SmtpReply reply) throws Setback {
        if (reply.code() != code) throw Setback.said(step, reply);
    }
}
