package io.postmesh.delivery.plan;

import io.postmesh.contract.Reason;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/// Turns answers of the DNS into the list of addresses to try.
///
/// @param own addresses of this machine
public record Planner(Egress egress, int port, Set<InetAddress> own) {
    /// However many records a domain has: more do not help anybody, and a stranger wrote them.
    public static final int MAX_ADDRESSES = 20;

    /// The hosts worth resolving: by preference, equals in an order of chance (RFC 5321 §5.1).
    public static List<MxAnswer.Mx> order(MxAnswer.Hosts answer, RandomGenerator random) {
        var hosts = new ArrayList<>(answer.hosts());
        Collections.shuffle(hosts, random);
        hosts.sort(Comparator.comparingInt(MxAnswer.Mx::preference)); // a stable sort keeps the chance among equals
        return hosts.size() <= MAX_ADDRESSES ? hosts : List.copyOf(hosts.subList(0, MAX_ADDRESSES));
    }

    /// The plan for a domain whose hosts, in order, have these addresses.
    public Plan direct(
            String domain, List<MxAnswer.Mx> ordered, Map<String, AddressAnswer> addresses, RandomGenerator r) {
        var hosts = new ArrayList<Host>();
        boolean unsure = false;
        for (var mx : upToOurselves(ordered, addresses)) {
            var answer = addresses.getOrDefault(mx.host(), new AddressAnswer.None());
            unsure |= answer instanceof AddressAnswer.Unsure;
            for (var address : alternating(answer, r)) {
                var host = new Host(mx.host(), domain, address, port, mx.preference(), false);
                if (egress.permits(host, own)) hosts.add(host);
            }
        }
        if (!hosts.isEmpty()) return new Plan.Try(hosts.subList(0, Math.min(hosts.size(), MAX_ADDRESSES)));
        return unsure ? new Plan.Later(Reason.DNS) : new Plan.Never(Reason.NO_HOST);
    }

    // RFC 5321 §5.1: once our own address is among the hosts, it and all of its preference or a worse one are left out;
    // they would only send the mail back to us.
    private List<MxAnswer.Mx> upToOurselves(List<MxAnswer.Mx> ordered, Map<String, AddressAnswer> addresses) {
        if (egress != Egress.PUBLIC) return ordered;
        return ordered.stream()
                .filter(mx -> found(addresses.get(mx.host())).stream().anyMatch(own::contains))
                .mapToInt(MxAnswer.Mx::preference)
                .min()
                .stream()
                .mapToObj(ours ->
                        ordered.stream().filter(mx -> mx.preference() < ours).toList())
                .findFirst()
                .orElse(ordered);
    }

    /// The addresses of one relay hop. Its troubles are the operator's to repair: they never bounce mail.
    public List<Host> relay(RelayHost hop, String name, AddressAnswer answer, int rank, RandomGenerator random) {
        var hosts = new ArrayList<Host>();
        for (var address : alternating(answer, random)) {
            var host = new Host(name, hop.host(), address, hop.port(), rank, true);
            if (egress.permits(host, own)) hosts.add(host);
        }
        return hosts;
    }

    // Chance within a family; the families by turns, so that twenty addresses of a network we cannot reach do not hide
    // the one we can.
    private static List<InetAddress> alternating(AddressAnswer answer, RandomGenerator random) {
        var found = new ArrayList<>(found(answer));
        if (found.size() < 2) return found;
        Collections.shuffle(found, random);
        var six = found.stream().filter(Inet6Address.class::isInstance).toList();
        var four = found.stream().filter(a -> !(a instanceof Inet6Address)).toList();
        var out = new ArrayList<InetAddress>(found.size());
        for (int i = 0; i < Math.max(six.size(), four.size()); i++) {
            if (i < six.size()) out.add(six.get(i));
            if (i < four.size()) out.add(four.get(i));
        }
        return out;
    }

    private static List<InetAddress> found(@org.jspecify.annotations.Nullable AddressAnswer answer) {
        return answer instanceof AddressAnswer.Found(var addresses) ? addresses : List.of();
    }
}
