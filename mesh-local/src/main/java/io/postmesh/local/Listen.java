package io.postmesh.local;

import io.postmesh.ingress.IngressConfig;
import io.postmesh.runtime.settings.BadSettings;
import io.postmesh.runtime.settings.HostPort;
import io.postmesh.runtime.settings.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/// Looks at addresses before anything starts, so that a taken port is a line and not a half-started process.
final class Listen {
    private static final int TRIES = 100;

    static final String SMTP = "POSTMESH_SMTP_LISTEN";
    static final String HTTP = "POSTMESH_HTTP_LISTEN";

    private Listen() {}

    /// @throws BadSettings naming each address of the process that cannot be listened on
    static void check(GroundConfig ground, Roles roles) throws BadSettings {
        var problems = new ArrayList<String>();
        var smtp = roles.door().map(IngressConfig::listen);
        var http = ground.http();
        smtp.flatMap(Listen::trouble).ifPresent(what -> problems.add(SMTP + ": " + what));
        trouble(http).ifPresent(what -> problems.add(HTTP + ": " + what));
        // Vert.x would let both servers share it, and every second client would meet the wrong one.
        if (problems.isEmpty() && http.port() != 0 && smtp.equals(Optional.of(http)))
            problems.add(HTTP + ": " + http + " is " + SMTP + " already; name another port");
        smtp.flatMap(door -> circle(door, roles)).ifPresent(problems::add);
        if (!problems.isEmpty()) throw new BadSettings(problems);
    }

    // Mail would go round until its hops are counted.
    private static Optional<String> circle(HostPort door, Roles roles) {
        return roles.stages().stream()
                .flatMap(stage -> stage instanceof Roles.Stage.Delivery(var delivery, var _)
                        ? delivery.carrier().relay().stream()
                        : Stream.empty())
                .flatMap(relay -> relay.hops().stream())
                .filter(hop -> hop.port() == door.port() && isHere(hop.host(), door.host()))
                .findFirst()
                .map(hop -> "RELAYHOST: " + hop.host() + ":" + hop.port()
                        + " is this node's own door, and mail would go round in a circle; name another relay");
    }

    private static boolean isHere(String host, String door) {
        return host.equals(door) || host.equals("localhost") || host.equals("::1") || host.startsWith("127.");
    }

    /// The address that was asked for, or the same with the next free port.
    ///
    /// @param promised what another server of this process will listen on
    /// @throws BadSettings when there is none, as on an address that is not this machine's
    static HostPort freeFrom(String name, HostPort asked, String promised) throws BadSettings {
        var first = trouble(asked);
        boolean ours = asked.port() != 0 && asked.toString().equals(promised);
        if (first.isEmpty() && !ours) return asked;
        for (int port = asked.port() + 1; port < asked.port() + TRIES && port <= 65_535; port++) {
            var candidate = new HostPort(asked.host(), port);
            if (!candidate.toString().equals(promised) && trouble(candidate).isEmpty()) return candidate;
        }
        throw new BadSettings(List.of(name + ": " + first.orElse("no port from " + asked.port() + " on is free")));
    }

    /// Where the door of the node with this environment is, for one who only wants in: the other settings are the
    /// node's.
    static HostPort smtp(Map<String, String> env) throws BadSettings {
        var text = Settings.load(Map.of(), env).text(SMTP, "127.0.0.1:2525");
        try {
            return HostPort.parse(text);
        } catch (IllegalArgumentException e) {
            throw new BadSettings(List.of(SMTP + ": '" + text + "': " + e.getMessage()));
        }
    }

    /// What somebody wrote after an option.
    ///
    /// @throws ParameterException naming the option
    static HostPort option(CommandSpec command, String option, String text) {
        try {
            return HostPort.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), option + " " + text + ": " + e.getMessage());
        }
    }

    private static Optional<String> trouble(HostPort address) {
        try (var probe = new ServerSocket(address.port(), 1, InetAddress.getByName(address.host()))) {
            return probe.isBound() ? Optional.empty() : Optional.of("cannot listen on " + address);
        } catch (IOException taken) {
            return Optional.of(
                    "cannot listen on " + address + " (" + taken.getMessage() + "); " + advice(address, taken));
        }
    }

    private static String advice(HostPort address, IOException trouble) {
        var message = String.valueOf(trouble.getMessage());
        if (trouble instanceof UnknownHostException || message.startsWith("Cannot assign"))
            return "no address of this machine is " + address.host() + "; name one that is, or 0.0.0.0 for all of them";
        if (message.startsWith("Permission denied"))
            return "this process may not listen on port " + address.port()
                    + "; name one from 1024 on, or give it the right";
        return "stop what listens there, or name another address";
    }
}
