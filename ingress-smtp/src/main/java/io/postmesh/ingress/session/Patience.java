package io.postmesh.ingress.session;

import java.util.Optional;

/// How much more a session may get wrong, or say to no purpose. An accepted message starts the account anew, as in
/// Postfix (`smtpd_hard_error_limit`, `smtpd_junk_command_limit`).
public record Patience(int errors, int junk) {
    static final int MAX_ERRORS = 20;
    static final int MAX_JUNK = 100;

    public static final Patience FRESH = new Patience(0, 0);

    public Patience after(Remark remark) {
        return switch (remark.cost()) {
            case FREE -> this;
            case JUNK -> new Patience(errors, junk + 1);
            case ERROR -> new Patience(errors + 1, junk);
        };
    }

    /// What is said when it is spent.
    public Optional<Answer> lastWord() {
        if (errors >= MAX_ERRORS) return Optional.of(Replies.TOO_MANY_ERRORS);
        return junk >= MAX_JUNK ? Optional.of(Replies.TOO_MUCH_JUNK) : Optional.empty();
    }
}
