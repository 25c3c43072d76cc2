package io.postmesh.delivery.outcome;

/// How far a conversation had come when something was said or went wrong.
public enum Step {
    CONNECT,
    BANNER,
    HELLO,
    STARTTLS,
    AUTH,
    RESET,
    MAIL,
    RCPT,
    DATA,
    /// While the content goes out, and until the final dot is answered.
    CONTENT;

    /// Whether it came before any mail was mentioned: then it says something about the whole site.
    boolean isBeforeMail() {
        return compareTo(RESET) < 0;
    }
}
