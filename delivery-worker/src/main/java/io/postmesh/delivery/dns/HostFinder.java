package io.postmesh.delivery.dns;

import io.postmesh.contract.Reason;
import io.postmesh.delivery.plan.AddressAnswer;
import io.postmesh.delivery.plan.Host;
import io.postmesh.delivery.plan.MxAnswer;
import io.postmesh.delivery.plan.Plan;
import io.postmesh.delivery.plan.Planner;
import io.postmesh.delivery.plan.RelayHost;
import io.postmesh.mail.Domain;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/// Finds the hosts for a destination, anew at each attempt (LEDGER L3). Blocks its (virtual) thread.
public final class HostFinder {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Resolver resolver;
    private final RandomGenerator random;

    private HostFinder(Resolver resolver, RandomGenerator random) {
        this.resolver = resolver;
        this.random = random;
    }

    /// @param servers empty: the system's
    /// @param random  safe to use from many threads
    public static HostFinder open(List<InetSocketAddress> servers, RandomGenerator random) {
        return open(servers, PATIENCE, random);
    }

    static HostFinder open(List<InetSocketAddress> servers, Duration patience, RandomGenerator random) {
        return new HostFinder(Resolver.open(servers, patience), random);
    }

    /// The hosts of a recipient's domain.
    public Plan direct(Domain domain, Planner planner) {
        return switch (resolver.mx(domain.name()).join()) {
            case MxAnswer.Missing() -> new Plan.Never(Reason.NO_SUCH_DOMAIN);
            case MxAnswer.NullMx() -> new Plan.Never(Reason.NULL_MX);
            case MxAnswer.Unsure _ -> new Plan.Later(Reason.DNS);
            case MxAnswer.Hosts hosts -> {
                var ordered = Planner.order(hosts, random);
                yield planner.direct(domain.name(), ordered, addresses(ordered), random);
            }
        };
    }

    /// The hosts of the configured relays, one hop after the other.
    public Plan relay(List<RelayHost> hops, Planner planner) {
        var hosts = new ArrayList<Host>();
        boolean unsure = false;
        int rank = 0;
        for (var hop : hops) {
            int preference = -1;
            for (var mx : names(hop)) {
                // Hosts of one preference are equals, as they are for a recipient's domain.
                if (mx.preference() != preference) rank++;
                preference = mx.preference();
                var answer = address(hop, mx.host());
                unsure |= !(answer instanceof AddressAnswer.Found);
                hosts.addAll(planner.relay(hop, mx.host(), answer, rank, random));
            }
        }
        if (hosts.isEmpty()) return new Plan.Later(unsure ? Reason.DNS : Reason.NO_HOST);
        return new Plan.Try(hosts.subList(0, Math.min(hosts.size(), Planner.MAX_ADDRESSES)));
    }

    // A relay without an MX record of its own is meant by its name, whatever the reason: many a resolver inside a
    // container network knows addresses only.
    private List<MxAnswer.Mx> names(RelayHost hop) {
        if (hop.mxLookup() && resolver.mx(hop.host()).join() instanceof MxAnswer.Hosts hosts) {
            return Planner.order(hosts, random);
        }
        return List.of(new MxAnswer.Mx(0, hop.host()));
    }

    private AddressAnswer address(RelayHost hop, String host) {
        return hop.literal()
                .<AddressAnswer>map(literal -> new AddressAnswer.Found(List.of(literal)))
                .orElseGet(() -> resolver.addresses(host).join());
    }

    private Map<String, AddressAnswer> addresses(List<MxAnswer.Mx> hosts) {
        var asked = new HashMap<String, CompletableFuture<AddressAnswer>>();
        for (var mx : hosts) asked.computeIfAbsent(mx.host(), resolver::addresses);
        var answers = new HashMap<String, AddressAnswer>();
        asked.forEach((host, answer) -> answers.put(host, answer.join()));
        return answers;
    }
}
