package io.postmesh.contract;

import io.postmesh.mail.MailId;

/// Who handed a message to the mesh.
public sealed interface Origin {
    /// @param trusted inside mynetworks: may relay, and may be sent a bounce
    record Client(String ip, String hello, boolean trusted) implements Origin {}

    /// The mesh itself, reporting on another mail.
    record Mesh(MailId about) implements Origin {}
}
