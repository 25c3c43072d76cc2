package io.postmesh.lab.dialogue;

/// One step of a dialogue.
sealed interface Line {
    /// `S: 250 *`
    record Reply(String pattern) implements Line {}

    /// `S: 250-SIZE *`
    record Within(String pattern) implements Line {}

    /// `S! *STARTTLS*`
    record Nowhere(String pattern) implements Line {}

    /// `C: ...` and `R: ...`
    record Send(byte[] octets) implements Line {}

    /// `TLS`
    record StartTls() implements Line {}

    /// `SHUT`
    record Shut() implements Line {}

    /// `CLOSED`
    record Closed() implements Line {}

    /// `NEW`
    record Anew() implements Line {}
}
