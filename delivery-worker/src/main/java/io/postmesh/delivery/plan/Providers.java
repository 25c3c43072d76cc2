package io.postmesh.delivery.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Whom a host belongs to, told by the end of its name: the few that most mail goes to, and others. A label of metrics,
/// so nothing of it comes from a recipient's domain.
///
/// @param byEnd names of providers by the domain their hosts are in, lower case
public record Providers(Map<String, String> byEnd) {
    public static final String RELAY = "relay";
    public static final String OTHER = "other";

    /// Who takes most of the world's mail, by the names in their MX records.
    public static final String USUAL = "google=google.com,googlemail.com; microsoft=outlook.com,hotmail.com;"
            + " yahoo=yahoodns.net; apple=icloud.com,apple.com; proofpoint=pphosted.com,ppe-hosted.com;"
            + " mimecast=mimecast.com; gmx=gmx.net,web.de,kundenserver.de; yandex=yandex.net,yandex.ru; mailru=mail.ru;"
            + " zoho=zoho.com,zoho.eu; qq=qq.com; netease=netease.com";

    private static final int MOST = 40; // each is a dozen time series of a histogram, three times

    public Providers {
        byEnd = Map.copyOf(byEnd);
    }

    /// @param text such as `google=google.com,googlemail.com; microsoft=outlook.com`
    /// @throws IllegalArgumentException that says what to write
    public static Providers parse(String text) {
        var byEnd = new LinkedHashMap<String, String>();
        var names = new ArrayList<String>(List.of(RELAY, OTHER));
        for (var item : text.strip().split("\\s*;\\s*")) {
            if (item.isEmpty()) continue;
            var parts = item.split("\\s*=\\s*", -1);
            if (parts.length != 2 || !parts[0].matches("[a-z][a-z0-9_]{0,29}") || names.contains(parts[0]))
                throw new IllegalArgumentException("'" + item + "': write name=domain,domain; a name once");
            names.add(parts[0]);
            for (var end : parts[1].toLowerCase(Locale.ROOT).split("[\\s,]+")) {
                if (!end.matches("[a-z0-9-]+(\\.[a-z0-9-]+)+"))
                    throw new IllegalArgumentException("'" + end + "' is no domain of mail hosts");
                byEnd.put(end, parts[0]);
            }
        }
        if (names.size() > MOST) throw new IllegalArgumentException("more than " + (MOST - 2) + " providers");
        return new Providers(byEnd);
    }

    /// Of the host that is tried first.
    public String of(Plan plan) {
        return switch (plan) {
            case Plan.Try(var hosts) -> of(hosts.getFirst());
            case Plan.Never _, Plan.Later _ -> OTHER;
        };
    }

    public String of(Host host) {
        if (host.relay()) return RELAY;
        var end = host.name().toLowerCase(Locale.ROOT);
        if (end.endsWith(".")) end = end.substring(0, end.length() - 1);
        while (true) {
            var name = byEnd.get(end);
            if (name != null) return name;
            int dot = end.indexOf('.');
            if (dot < 0) return OTHER;
            end = end.substring(dot + 1);
        }
    }

    /// All there can be.
    public List<String> names() {
        var names = new ArrayList<>(byEnd.values().stream().distinct().sorted().toList());
        names.addAll(List.of(RELAY, OTHER));
        return names;
    }
}
