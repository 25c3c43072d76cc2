package io.postmesh.delivery.plan;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/// Which addresses mail may leave to. Whoever owns a domain chooses its MX records, so without this rule strangers
/// could point our connections at ourselves and at what stands behind the firewall with us.
public enum Egress {
    /// Hosts of the Internet, and the relays the operator named, wherever those are.
    PUBLIC,
    /// This machine only: what `dev` uses, so that nothing can leave it.
    LOOPBACK,
    /// Whatever the DNS says: for a closed network of one's own.
    ANY;

    public static Egress parse(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "public" -> PUBLIC;
            case "loopback" -> LOOPBACK;
            case "any" -> ANY;
            default -> throw new IllegalArgumentException("write public, loopback or any");
        };
    }

    /// Asked again by the connector, with the very address it is about to connect to.
    ///
    /// @param own the addresses of this machine
    public boolean permits(Host host, Set<InetAddress> own) {
        var address = host.address();
        return switch (this) {
            case LOOPBACK -> address.isLoopbackAddress();
            case ANY -> !address.isMulticastAddress() && !address.isAnyLocalAddress();
            case PUBLIC -> host.relay() || !isSpecial(address) && !own.contains(address);
        };
    }

    // RFC 6890 and its registries: what is not a single host of the Internet.
    private static boolean isSpecial(InetAddress address) {
        if (address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress() // 10/8, 172.16/12, 192.168/16 and fec0::/10
                || address.isMulticastAddress()) {
            return true;
        }
        var b = address.getAddress();
        return address instanceof Inet4Address ? isSpecial4(b[0] & 0xff, b[1] & 0xff, b[2] & 0xff) : isSpecial6(b);
    }

    private static boolean isSpecial4(int a, int b, int c) {
        if (a == 0 || a == 127 || a >= 240) return true;
        if (a == 100 && (b & 0xc0) == 64) return true; // 100.64/10, shared behind carriers' NAT (RFC 6598)
        if (a == 198 && (b & 0xfe) == 18) return true; // 198.18/15, benchmarks (RFC 2544)
        return a == 192 && b == 0 && c == 0; // 192.0.0/24, protocol assignments
    }

    private static boolean isSpecial6(byte[] b) {
        if ((b[0] & 0xfe) == 0xfc) return true; // fc00::/7, unique local
        if (startsWith(b, 0x20, 0x02)) return isSpecial(embedded(b, 2)); // 2002::/16, 6to4
        if (startsWith(b, 0x20, 0x01, 0, 0)) return true; // 2001::/32, Teredo
        if (startsWith(b, 0, 0x64, 0xff, 0x9b, 0, 1)) return true; // 64:ff9b:1::/48, local NAT64
        if (startsWith(b, 0, 0x64, 0xff, 0x9b)) return isSpecial(embedded(b, 12)); // 64:ff9b::/96, NAT64
        // ::ffff:0:0/96 and ::/96. Java turns mapped addresses into IPv4 ones itself; we do not lean on that.
        return startsWith(b, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    private static boolean startsWith(byte[] address, int... prefix) {
        for (int i = 0; i < prefix.length; i++) if ((address[i] & 0xff) != prefix[i]) return false;
        return true;
    }

    private static InetAddress embedded(byte[] address, int from) {
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(address, from, from + 4));
        } catch (UnknownHostException e) {
            throw new AssertionError("four octets are an address", e);
        }
    }
}
