package io.postmesh.lab.load;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/// What to send, where, and how fast: `new LoadPlan(server).messages(20_000).size(20_000)`.
///
/// Filled in by the caller, read once by [LoadGen#run].
public final class LoadPlan {
    final InetSocketAddress server;
    final List<InetSocketAddress> servers = new ArrayList<>();
    boolean mayLeave;
    boolean reallyMayLeave;
    int messages = 1_000;
    int sessions = 50;
    SizeMix sizes = SizeMix.of(20_000);
    int domains = 1_000;
    int recipients = 1;
    int fewestRecipients = 1;
    LocalParts localParts = LocalParts.PLAIN;
    int perConnection = 100; // what a pooling application does
    DoubleSupplier rate = () -> 0;
    boolean digests;
    Duration patience = Duration.ofSeconds(10); // a server that pushes back for longer than this has refused
    long seed = 1;
    String from = "orders@demo.test";
    String domainSuffix = "load.test";
    Optional<String> to = Optional.empty();
    Optional<Path> ledger = Optional.empty();

    public LoadPlan(InetSocketAddress server) {
        this.server = server;
        servers.add(server);
    }

    /// A second door of the same mesh: connections take turns, and one that broke is opened to the next.
    public LoadPlan alsoTo(InetSocketAddress another) {
        servers.add(another);
        return this;
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
        sizes = SizeMix.of(atLeastOne("size", octets));
        return this;
    }

    public LoadPlan sizes(SizeMix mix) {
        sizes = mix;
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
        return recipients(perMessage, perMessage);
    }

    public LoadPlan recipients(int fewest, int most) {
        fewestRecipients = atLeastOne("recipients", fewest);
        recipients = Math.max(fewest, most);
        return this;
    }

    public LoadPlan localParts(LocalParts words) {
        localParts = words;
        return this;
    }

    public LoadPlan perConnection(int messages) {
        perConnection = atLeastOne("messages per connection", messages);
        return this;
    }

    /// Messages a second; 0 is as fast as the server takes them.
    public LoadPlan rate(double perSecond) {
        if (!(perSecond >= 0) || Double.isInfinite(perSecond))
            throw new IllegalArgumentException("rate: 0 or more messages a second, not " + perSecond);
        return rate(() -> perSecond);
    }

    /// The same, asked before each message.
    public LoadPlan rate(DoubleSupplier perSecond) {
        rate = perSecond;
        return this;
    }

    /// How long a message is offered again, 200 ms after each temporary refusal, until it counts as refused.
    public LoadPlan patience(Duration atLeast) {
        patience = atLeast;
        return this;
    }

    /// Says the SHA-256 of each message that was taken, which costs some of the load.
    public LoadPlan digests() {
        digests = true;
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

    /// Writes one line for every 250, on the disk before the session goes on: time, message id, recipient,
    /// mail id.
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

    void checkTargets() {
        servers.forEach(this::check);
    }

    private void check(InetSocketAddress server) {
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
