package io.postmesh.local;

import io.postmesh.runtime.settings.BadSettings;
import io.postmesh.runtime.settings.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Optional;

/// Looks at addresses before anything starts, so that a taken port is a line and not a half-started process.
final class Listen {
    private static final int TRIES = 100;

    static final String SMTP = "POSTMESH_SMTP_LISTEN";
    static final String HTTP = "POSTMESH_HTTP_LISTEN";

    private Listen() {}

    /// @throws BadSettings naming each address of the node that cannot be listened on
    static void check(NodeConfig config) throws BadSettings {
        var problems = new ArrayList<String>();
        trouble(config.ingress().listen()).ifPresent(what -> problems.add(SMTP + ": " + what));
        trouble(config.http()).ifPresent(what -> problems.add(HTTP + ": " + what));
        if (!problems.isEmpty()) throw new BadSettings(problems);
    }

    /// The address that was asked for, or the same with the next free port.
    ///
    /// @throws BadSettings when there is none, as on an address that is not this machine's
    static HostPort freeFrom(String name, HostPort asked) throws BadSettings {
        var first = trouble(asked);
        if (first.isEmpty()) return asked;
        for (int port = asked.port() + 1; port < asked.port() + TRIES && port <= 65_535; port++) {
            var candidate = new HostPort(asked.host(), port);
            if (trouble(candidate).isEmpty()) return candidate;
        }
        throw new BadSettings(java.util.List.of(name + ": " + first.get()));
    }

    private static Optional<String> trouble(HostPort address) {
        try (var probe = new ServerSocket(address.port(), 1, InetAddress.getByName(address.host()))) {
            return probe.isBound() ? Optional.empty() : Optional.of("cannot listen on " + address);
        } catch (IOException taken) {
            return Optional.of("cannot listen on " + address + " (" + taken.getMessage()
                    + "); stop what listens there, or name another address");
        }
    }
}
