package io.postmesh.ingress.session;

/// Whether a message may come in now.
public sealed interface Admission {
    record Granted() implements Admission {}

    record Refused(Answer answer) implements Admission {}
}
