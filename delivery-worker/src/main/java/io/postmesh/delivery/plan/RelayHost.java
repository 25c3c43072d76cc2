package io.postmesh.delivery.plan;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// One next hop of `RELAYHOST`, in Postfix's syntax: `host`, `host:port`, `[host]`, `[host]:port`, `ip`, `ip:port`,
/// `[2001:db8::1]:587`. Brackets, and addresses, mean: no MX look-up.
///
/// @param host    name or address, without brackets
/// @param literal the address, when `host` is one
public record RelayHost(String host, int port, boolean mxLookup, Optional<InetAddress> literal) {
    private static final int SMTP = 25;

    /// Reads a list, separated by commas or spaces, in the order in which the hops are tried.
    ///
    /// @throws IllegalArgumentException its text says what to write instead
    public static List<RelayHost> parseList(String text) {
        var hops = new ArrayList<RelayHost>();
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i < text.length() && !isSeparator(text.charAt(i))) continue;
            if (i > start) hops.add(parse(text.substring(start, i)));
            start = i + 1;
        }
        if (hops.isEmpty()) throw bad(text, "it names no host");
        return List.copyOf(hops);
    }

    private static boolean isSeparator(char c) {
        return c == ',' || c == ' ' || c == '\t' || c == '\n' || c == '\r';
    }

    static RelayHost parse(String text) {
        if (!text.startsWith("[")) return parsePlain(text);
        int close = text.indexOf(']');
        if (close < 0) throw bad(text, "a ] is missing");
        var rest = text.substring(close + 1);
        if (!rest.isEmpty() && !rest.startsWith(":")) throw bad(text, "after ] comes nothing, or : and a port");
        return of(text, text.substring(1, close), rest.isEmpty() ? SMTP : port(text, rest.substring(1)), false);
    }

    private static RelayHost parsePlain(String text) {
        int colon = text.indexOf(':');
        if (colon != text.lastIndexOf(':')) throw bad(text, "an IPv6 address is written in brackets, [2001:db8::1]:25");
        if (colon < 0) return of(text, text, SMTP, true);
        return of(text, text.substring(0, colon), port(text, text.substring(colon + 1)), true);
    }

    private static RelayHost of(String text, String name, int port, boolean mxLookup) {
        var address = address(name);
        if (address.isPresent()) return new RelayHost(address.get().getHostAddress(), port, false, address);
        if (!isHostName(name)) throw bad(text, "\"" + name + "\" is no host name and no address");
        return new RelayHost(name.toLowerCase(Locale.ROOT), port, mxLookup, Optional.empty());
    }

    private static int port(String text, String port) {
        switch (port.toLowerCase(Locale.ROOT)) {
            case "smtp" -> {
                return SMTP;
            }
            case "submission" -> {
                return 587;
            }
            case "smtps", "submissions" ->
                throw bad(text, "TLS from the first byte is not spoken; use submission (587)");
            default -> {
                if (!port.isEmpty() && port.length() <= 5 && port.chars().allMatch(c -> c >= '0' && c <= '9')) {
                    int number = Integer.parseInt(port);
                    if (number >= 1 && number <= 65535) return number;
                }
                throw bad(text, "the port is a number from 1 to 65535");
            }
        }
    }

    // Only what is plainly an address is read as one; InetAddress would also take "1" for 0.0.0.1.
    private static Optional<InetAddress> address(String text) {
        var name = text.regionMatches(true, 0, "ipv6:", 0, 5) ? text.substring(5) : text; // Postfix's [ipv6:...]
        boolean dotted = name.chars().allMatch(c -> c >= '0' && c <= '9' || c == '.');
        boolean four = dotted && name.chars().filter(c -> c == '.').count() == 3;
        if (!four && (dotted || name.indexOf(':') < 0 || name.indexOf('%') >= 0)) return Optional.empty();
        try {
            var address = InetAddress.ofLiteral(name);
            return four != address instanceof Inet4Address ? Optional.empty() : Optional.of(address);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    // Wider than a mail domain: names of containers have underscores, and often no dot.
    private static boolean isHostName(String name) {
        if (name.isEmpty() || name.length() > 253 || name.startsWith(".") || name.contains("..")) return false;
        if (name.chars().allMatch(c -> c >= '0' && c <= '9' || c == '.')) return false;
        return name.chars()
                .allMatch(c -> c >= 'a' && c <= 'z'
                        || c >= 'A' && c <= 'Z'
                        || c >= '0' && c <= '9'
                        || c == '-'
                        || c == '_'
                        || c == '.');
    }

    private static IllegalArgumentException bad(String text, String why) {
        return new IllegalArgumentException("\"" + text + "\": " + why);
    }

    /// As an operator would write it.
    @Override
    public String toString() {
        return (mxLookup ? host : "[" + host + "]") + ":" + port;
    }
}
