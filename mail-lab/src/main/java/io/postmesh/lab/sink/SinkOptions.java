package io.postmesh.lab.sink;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// What the sink offers and what it keeps: `new SinkOptions().hide(PIPELINING).user("ann", "secret").startTls()`.
///
/// Filled in by the caller, read once by [SmtpSink#start].
public final class SinkOptions {
    /// A login.
    record User(String name, String password) {
        @Override
        public String toString() {
            return name;
        }
    }

    InetSocketAddress listen = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    String hostname = "sink.postmesh.test";
    final Set<Extension> extensions = EnumSet.complementOf(EnumSet.of(Extension.STARTTLS));
    int sizeLimit = 50 * 1024 * 1024; // twice what the mesh takes by default: the sink is not what limits it
    boolean tlsRequired;
    Optional<User> user = Optional.empty();
    boolean authInClear;
    int connections = 10_000;
    int memory = 2_000;
    Optional<Path> folder = Optional.empty();
    int folderKeeps = 5_000; // a developer's folder stays browsable

    /// A loopback address; port 0 takes a free one.
    public SinkOptions listen(InetSocketAddress address) {
        var ip = address.getAddress();
        if (ip == null || !ip.isLoopbackAddress()) throw notThere(address);
        listen = address;
        return this;
    }

    /// Any address of this machine: others may reach it, as in a container.
    public SinkOptions listenBeyondLoopback(InetSocketAddress address) {
        if (address.getAddress() == null) throw notThere(address);
        listen = address;
        return this;
    }

    private static IllegalArgumentException notThere(InetSocketAddress address) {
        return new IllegalArgumentException("the sink listens on loopback only, not on " + address);
    }

    /// The name in the greeting and the EHLO reply.
    public SinkOptions hostname(String name) {
        hostname = name;
        return this;
    }

    /// Does not announce these, and refuses their parameters.
    public SinkOptions hide(Extension... hidden) {
        extensions.removeAll(Set.of(hidden));
        return this;
    }

    /// Offers STARTTLS with a self-signed certificate made at start.
    public SinkOptions startTls() {
        extensions.add(Extension.STARTTLS);
        return this;
    }

    /// Offers STARTTLS and takes no mail without it (530 5.7.0, RFC 3207 §4).
    public SinkOptions requireTls() {
        tlsRequired = true;
        return startTls();
    }

    /// The largest message, announced with SIZE.
    public SinkOptions sizeLimit(int octets) {
        sizeLimit = octets;
        return this;
    }

    /// Offers AUTH PLAIN and LOGIN, under TLS, and takes no mail from anybody else (530 5.7.0).
    public SinkOptions user(String name, String password) {
        user = Optional.of(new User(name, password));
        return this;
    }

    /// Offers AUTH without TLS, too.
    public SinkOptions authInClear() {
        authInClear = true;
        return this;
    }

    /// Above this many connections at once, 421 takes the place of the greeting.
    public SinkOptions connections(int cap) {
        connections = cap;
        return this;
    }

    /// How many of the newest messages stay in the [Inbox].
    public SinkOptions memory(int messages) {
        memory = messages;
        return this;
    }

    /// Keeps no message, only counts: for load.
    public SinkOptions countOnly() {
        return memory(0);
    }

    /// Writes each message to a .eml file here.
    public SinkOptions folder(Path path) {
        folder = Optional.of(path);
        return this;
    }

    /// How many of the newest .eml files stay.
    public SinkOptions folderKeeps(int files) {
        folderKeeps = files;
        return this;
    }

    boolean offers(Extension extension) {
        return extensions.contains(extension);
    }
}
