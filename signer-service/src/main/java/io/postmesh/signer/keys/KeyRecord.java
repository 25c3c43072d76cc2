package io.postmesh.signer.keys;

import java.util.Base64;

/// What a domain publishes for one of its keys (RFC 6376 §3.6.1).
public record KeyRecord(String name, String text) {
    /// One character string of a TXT record holds this much (RFC 1035 §3.3); verifiers join the strings.
    private static final int MAX_STRING = 255;

    public static KeyRecord of(SigningKey key) {
        var octets = Base64.getEncoder().encodeToString(key.publicOctets());
        return new KeyRecord(key.dnsName(), "v=DKIM1; k=" + key.algorithm().keyType() + "; p=" + octets);
    }

    /// A line, or a few in parentheses, to paste into a zone file (RFC 1035 §5.1).
    public String zoneLine() {
        var out = new StringBuilder(name).append(". IN TXT");
        if (text.length() <= MAX_STRING)
            return out.append(" \"").append(text).append("\"\n").toString();
        out.append(" (");
        for (int at = 0; at < text.length(); at += MAX_STRING)
            out.append("\n    \"")
                    .append(text, at, Math.min(text.length(), at + MAX_STRING))
                    .append('"');
        return out.append(" )\n").toString();
    }
}
