package io.postmesh.ingress.session;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A list of networks, in the notation of Postfix' `mynetworks`: `127.0.0.0/8 [::1]/128 192.0.2.7`.
public record Networks(List<Block> blocks) {
    record Block(byte[] address, int bits) {
        boolean contains(byte[] ip) {
            return ip.length == address.length && samePrefix(ip, address, bits);
        }
    }

    public Networks {
        blocks = List.copyOf(blocks);
    }

    /// @throws IllegalArgumentException with the entry that is no network
    public static Networks parse(List<String> entries) {
        var blocks = new ArrayList<Block>();
        for (var entry : entries) blocks.add(block(entry));
        return new Networks(blocks);
    }

    public boolean contains(byte[] ip) {
        for (var block : blocks) if (block.contains(ip)) return true;
        return false;
    }

    private static Block block(String entry) {
        int slash = entry.lastIndexOf('/');
        var host = slash < 0 ? entry : entry.substring(0, slash);
        var address = address(host, entry);
        int max = address.length * 8;
        int bits = slash < 0 ? max : bits(entry.substring(slash + 1), entry);
        // `[::ffff:127.0.0.0]/104` is IPv4 to Java; its prefix counts from the mapped form.
        if (host.contains(":") && address.length == 4) bits = Math.max(0, bits - 96);
        if (bits > max) throw notANetwork(entry);
        for (int i = bits; i < max; i++) {
            if ((address[i / 8] & 0x80 >> i % 8) != 0) {
                throw new IllegalArgumentException(entry + " has bits set behind the prefix");
            }
        }
        return new Block(address, bits);
    }

    // Only literals: a name would be looked up, and trust must not depend on DNS.
    private static byte[] address(String host, String entry) {
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        var literal = bracketed ? host.substring(1, host.length() - 1) : host;
        boolean six = literal.indexOf(':') >= 0;
        if (literal.isEmpty() || !six && !isDottedQuad(literal) || six && !hasOnly(literal, "0123456789abcdefABCDEF:."))
            throw notANetwork(entry);
        try {
            return InetAddress.getByName(literal).getAddress();
        } catch (UnknownHostException e) {
            throw notANetwork(entry);
        }
    }

    private static boolean isDottedQuad(String s) {
        return hasOnly(s, "0123456789.") && s.chars().filter(c -> c == '.').count() == 3;
    }

    private static boolean hasOnly(String s, String allowed) {
        return s.chars().allMatch(c -> allowed.indexOf(c) >= 0);
    }

    private static int bits(String digits, String entry) {
        if (digits.isEmpty() || digits.length() > 3 || !hasOnly(digits, "0123456789")) throw notANetwork(entry);
        return Integer.parseInt(digits);
    }

    private static IllegalArgumentException notANetwork(String entry) {
        return new IllegalArgumentException(entry + " is no network; write 192.0.2.0/24 or [2001:db8::]/32");
    }

    /// The network a client's limits count for: /24 of IPv4, /64 of IPv6 (one customer's share of each).
    public static String networkOf(byte[] ip) {
        int bits = ip.length == 4 ? 24 : 64;
        byte[] prefix = Arrays.copyOf(Arrays.copyOf(ip, bits / 8), ip.length);
        try {
            return InetAddress.getByAddress(prefix).getHostAddress() + "/" + bits;
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 octets", e);
        }
    }

    private static boolean samePrefix(byte[] a, byte[] b, int bits) {
        for (int i = 0; i < bits / 8; i++) if (a[i] != b[i]) return false;
        int rest = bits % 8;
        return rest == 0 || ((a[bits / 8] ^ b[bits / 8]) & 0xff00 >> rest & 0xff) == 0;
    }
}
