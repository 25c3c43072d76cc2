package io.postmesh.ingress.intake;

import io.postmesh.ingress.session.Client;
import io.postmesh.ingress.session.Networks;
import io.postmesh.mail.Domain;
import io.postmesh.mail.ReversePath;
import io.postmesh.runtime.settings.Settings;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Which messages are traced, and whose word for it is taken.
///
/// @param believed    whose `traceparent` field is followed
/// @param ratio       of messages sampled for whom nothing else is said
/// @param ofSenders   for a sender's domain and its subdomains; the longest name first
/// @param ofNetworks  for clients, in the order they were given; a sender's entry goes first
public record TraceRule(Believed believed, double ratio, List<OfSender> ofSenders, List<OfNetwork> ofNetworks) {
    /// Of whoever may relay at all, a stranger's field would put mail into other people's traces, and mark all of it.
    public enum Believed {
        TRUSTED,
        NOBODY
    }

    record OfSender(Domain domain, double ratio) {}

    record OfNetwork(Networks network, double ratio) {}

    public TraceRule {
        ofSenders = List.copyOf(ofSenders);
        ofNetworks = List.copyOf(ofNetworks);
    }

    public static TraceRule from(Settings s) {
        var believed = s.parsed("POSTMESH_TRACE_PARENT", "trusted", TraceRule::believed);
        return s.parsed("POSTMESH_TRACE_RATIO", "0.01", text -> parse(text, believed));
    }

    private static Believed believed(String text) {
        for (var one : Believed.values()) {
            if (one.name().equalsIgnoreCase(text)) return one;
        }
        throw new IllegalArgumentException("write trusted or nobody");
    }

    /// `0.01`, `example.org=1`, `10.1.0.0/16=0.5`, or a list of them.
    static TraceRule parse(String text, Believed believed) {
        double ratio = 0;
        var senders = new ArrayList<OfSender>();
        var networks = new ArrayList<OfNetwork>();
        for (var item : text.strip().split("[\\s,]+")) {
            int at = item.lastIndexOf('=');
            var who = at < 0 ? "" : item.substring(0, at);
            double of = ratio(item.substring(at + 1), item);
            if (at < 0) ratio = of;
            else if (isNetwork(who)) networks.add(new OfNetwork(Networks.parse(List.of(who)), of));
            else senders.add(new OfSender(domain(who, item), of));
        }
        senders.sort(
                Comparator.comparingInt((OfSender one) -> one.domain().name().length())
                        .reversed());
        return new TraceRule(believed, ratio, senders, networks);
    }

    private static boolean isNetwork(String who) {
        return who.indexOf(':') >= 0 || who.matches("[0-9./]+");
    }

    private static Domain domain(String who, String item) {
        return Domain.parse(who.toLowerCase(Locale.ROOT))
                .orElseThrow(() -> new IllegalArgumentException(
                        item + " names neither a domain nor a network; write example.org=1 or 192.0.2.0/24=1"));
    }

    private static double ratio(String number, String item) {
        try {
            double ratio = Double.parseDouble(number);
            if (ratio >= 0 && ratio <= 1) return ratio;
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException(item + " has no ratio; write 0 to 1, such as 0.01");
    }

    boolean believes(Client client) {
        return switch (believed) {
            case TRUSTED -> client.trusted();
            case NOBODY -> false;
        };
    }

    double ratio(Client client, ReversePath sender) {
        return ofSender(sender).or(() -> ofNetwork(client)).orElse(ratio);
    }

    private Optional<Double> ofSender(ReversePath sender) {
        if (ofSenders.isEmpty()) return Optional.empty();
        return sender.domain()
                .flatMap(domain -> ofSenders.stream()
                        .filter(one -> domain.isWithin(one.domain()))
                        .findFirst()
                        .map(OfSender::ratio));
    }

    private Optional<Double> ofNetwork(Client client) {
        if (ofNetworks.isEmpty()) return Optional.empty();
        var ip = InetAddress.ofLiteral(client.ip()).getAddress();
        return ofNetworks.stream()
                .filter(one -> one.network().contains(ip))
                .findFirst()
                .map(OfNetwork::ratio);
    }
}
