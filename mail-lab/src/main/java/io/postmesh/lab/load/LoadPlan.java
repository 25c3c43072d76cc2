package io.postmesh.lab.load;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/// What to send, where, and how fast: `new LoadPlan(server).messages(20_000).size(20_000)`.
///
/// Filled in by the caller, read once by [LoadGen#run].
public final class LoadPlan {
    final InetSocketAddress server;
    boolean mayLeave;
    boolean reallyMayLeave;
    int messages = 1_000;
    int sessions = 50;
    int size = 20_000;
    int domains = 1_000;
    int recipients = 1;
    int perConnection = 100; // what a pooling application does
    double rate;
    long seed = 1;
    String from = "orders@demo.test";
    String domainSuffix = "load.test";
    Optional<String> to = Optional.empty();
    Optional<Path> ledger = Optional.empty();

    public LoadPlan(InetSocketAddress server) {
        this.server = server;
    }

    public LoadPlan messages(int count) {
        messages = atLeastOne("messages", count);
        return this;
    }

    /// Connections at the same time.
    public LoadPlan sessions(int count) {
        sessions = atLeastOne("sessions", count);
        return this;
    }

    /// Octets of a message, about.
    public LoadPlan size(int octets) {
        size = atLeastOne("size", octets);
        return this;
    }

    /// Recipients are spread over this many domains: `d0042.load.test`.
    public LoadPlan domains(int count) {
        domains = atLeastOne("domains", count);
        return this;
    }

    public LoadPlan domainSuffix(String suffix) {
        domainSuffix = suffix;
        return this;
    }

    public LoadPlan recipients(int perMessage) {
        recipients = atLeastOne("recipients", perMessage);
        return this;
    }

    public LoadPlan perConnection(int messages) {
        perConnection = atLeastOne("messages per connection", messages);
        return this;
    }

    /// Messages a second; 0 is as fast as the server takes them.
    public LoadPlan rate(double perSecond) {
        rate = perSecond;
        return this;
    }

    /// Other seeds give other letters.
    public LoadPlan seed(long value) {
        seed = value;
        return this;
    }

    public LoadPlan from(String address) {
        from = address;
        return this;
    }

    /// Every message goes to this one address.
    public LoadPlan to(String address) {
        to = Optional.of(address);
        return this;
    }

    /// Writes one line for every 250, on the disk before the session goes on: time, message id, recipient, mail id.
    public LoadPlan ledger(Path file) {
        ledger = Optional.of(file);
        return this;
    }

    /// The first of two words needed to send to an address that is not loopback.
    public LoadPlan mayLeaveThisMachine() {
        mayLeave = true;
        return this;
    }

    /// The second one: names the host again.
    public LoadPlan reallyTo(String host) {
        reallyMayLeave = host.equals(server.getHostString());
        return this;
    }

    void checkTarget() {
        InetAddress ip = server.getAddress();
        if (ip == null) throw new IllegalArgumentException("no such host: " + server.getHostString());
        if (ip.isLoopbackAddress() || mayLeave && reallyMayLeave) return;
        throw new IllegalArgumentException(server + " is not loopback: load could hit real mailboxes."
                + " To send anyway say --allow-remote and --really-to " + server.getHostString());
    }

    private static int atLeastOne(String what, int value) {
        if (value < 1) throw new IllegalArgumentException(what + ": at least 1, not " + value);
        return value;
    }
}
