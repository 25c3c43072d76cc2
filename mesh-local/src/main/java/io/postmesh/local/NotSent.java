package io.postmesh.local;

/// A test mail the server did not take. The message is one sentence with the server's words.
final class NotSent extends Exception {
    private static final long serialVersionUID = 1;

    NotSent(String message) {
        super(message);
    }
}
