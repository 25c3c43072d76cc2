package io.postmesh.lab.dialogue;

/// The server did not keep to the dialogue; the message begins with file and line and ends with what was said so far.
public final class DialogueFailure extends AssertionError {
    DialogueFailure(String where, String what, String transcript) {
        super(where + ": " + what + "\n--- said so far ---\n" + transcript);
    }
}
