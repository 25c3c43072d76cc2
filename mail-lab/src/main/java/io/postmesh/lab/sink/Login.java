package io.postmesh.lab.sink;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postmesh.lab.sink.SinkOptions.User;
import io.postmesh.mail.SmtpReply;
import java.io.IOException;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// AUTH PLAIN (RFC 4616) and LOGIN, with or without an initial response (RFC 4954 §4).
final class Login {
    private static final SmtpReply CANCELLED = SmtpReply.of(501, "5.7.0 Authentication cancelled");

    private final Wire wire;
    private final Optional<User> expected;
    private String user = "";

    Login(Wire wire, Optional<User> expected) {
        this.wire = wire;
        this.expected = expected;
    }

    boolean done() {
        return !user.isEmpty();
    }

    String user() {
        return user;
    }

    /// The client was told no, whatever it knew.
    void undo() {
        user = "";
    }

    SmtpReply attempt(String argument) throws IOException {
        var words = argument.split(" ", 2);
        var initial = words.length > 1 ? words[1] : null;
        return switch (words[0].toUpperCase(Locale.ROOT)) {
            case "PLAIN" -> plain(initial);
            case "LOGIN" -> login(initial);
            default -> SmtpReply.of(504, "5.5.4 Mechanism not offered");
        };
    }

    private SmtpReply plain(@Nullable String initial) throws IOException {
        var response = initial != null ? decode(initial) : ask("");
        if (response.isEmpty()) return CANCELLED;
        var parts = response.get().split("\0", -1);
        return parts.length == 3 ? check(parts[1], parts[2]) : SmtpReply.of(501, "5.5.2 Cannot decode that");
    }

    private SmtpReply login(@Nullable String initial) throws IOException {
        var name = initial != null ? decode(initial) : ask("VXNlcm5hbWU6"); // "Username:"
        if (name.isEmpty()) return CANCELLED;
        var password = ask("UGFzc3dvcmQ6"); // "Password:"
        return password.isEmpty() ? CANCELLED : check(name.get(), password.get());
    }

    private SmtpReply check(String name, String password) {
        if (!expected.equals(Optional.of(new User(name, password)))) {
            return SmtpReply.of(535, "5.7.8 Authentication credentials invalid");
        }
        user = name;
        return SmtpReply.of(235, "2.7.0 Welcome " + name);
    }

    private Optional<String> ask(String challenge) throws IOException {
        wire.write("334 " + challenge + "\r\n");
        var line = wire.readLine();
        return line == null ? Optional.empty() : decode(line);
    }

    private static Optional<String> decode(String base64) {
        if (base64.equals("=")) return Optional.of(""); // RFC 4954 §4: an empty initial response
        try {
            return Optional.of(new String(Base64.getDecoder().decode(base64), UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // `*` cancels; anything else that is no base64 does, too
        }
    }
}
