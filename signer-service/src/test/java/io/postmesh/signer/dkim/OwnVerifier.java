package io.postmesh.signer.dkim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/// RFC 6376 §6.1 for relaxed/relaxed, with strings, sharing no code with what it checks.
public final class OwnVerifier {
    private final Map<String, String> dns;

    public OwnVerifier(Map<String, String> dns) {
        this.dns = dns;
    }

    /// `pass a=... d=... s=...` or `fail why`, one for each signature, from the top.
    public List<String> verify(byte[] message) throws GeneralSecurityException {
        var text = new String(message, ISO_8859_1);
        int gap = text.startsWith("\r\n") ? 0 : text.indexOf("\r\n\r\n") + 2;
        var section = gap == 1 ? text : text.substring(0, gap);
        var body = gap == 1 ? "" : text.substring(gap + 2);
        var fields = List.of(section.split("\r\n(?![ \t])"));
        var verdicts = new ArrayList<String>();
        for (var field : fields) if (name(field).equals("dkim-signature")) verdicts.add(verify(field, fields, body));
        return verdicts;
    }

    private String verify(String field, List<String> fields, String body) throws GeneralSecurityException {
        var tags = tags(field);
        if (tags.containsKey("l")) return "fail l= is there";
        var bodyHash =
                MessageDigest.getInstance("SHA-256").digest(relaxedBody(body).getBytes(ISO_8859_1));
        if (!Base64.getEncoder().encodeToString(bodyHash).equals(tags.get("bh"))) return "fail body hash";
        var data = new StringBuilder();
        var left = new ArrayList<>(fields);
        for (var name : tag(tags, "h").toLowerCase(Locale.ROOT).split(":")) {
            for (int i = left.size() - 1; i >= 0; i--) {
                if (!name(left.get(i)).equals(name)) continue;
                data.append(relaxed(left.remove(i))).append("\r\n");
                break;
            }
        }
        data.append(relaxed(field.replaceFirst("([;\\s]b=)[^;]*", "$1")));
        var name = tags.get("s") + "._domainkey." + tags.get("d");
        var record = tags("DKIM-Record:" + dns.getOrDefault(name, "p="));
        return signatureHolds(tags, record, data.toString().getBytes(ISO_8859_1))
                ? "pass a=" + tags.get("a") + " d=" + tags.get("d") + " s=" + tags.get("s")
                : "fail signature";
    }

    private static boolean signatureHolds(Map<String, String> tags, Map<String, String> record, byte[] data)
            throws GeneralSecurityException {
        var octets = Base64.getDecoder().decode(tag(record, "p"));
        boolean rsa = tag(tags, "a").equals("rsa-sha256");
        var spki = rsa ? octets : join(HexFormat.of().parseHex("302a300506032b6570032100"), octets);
        var signature = Signature.getInstance(rsa ? "SHA256withRSA" : "Ed25519");
        signature.initVerify(
                KeyFactory.getInstance(rsa ? "RSA" : "Ed25519").generatePublic(new X509EncodedKeySpec(spki)));
        signature.update(rsa ? data : MessageDigest.getInstance("SHA-256").digest(data));
        return signature.verify(Base64.getDecoder().decode(tag(tags, "b")));
    }

    static Map<String, String> tags(String field) {
        var tags = new HashMap<String, String>();
        for (var tag :
                field.substring(field.indexOf(':') + 1).replaceAll("\\s", "").split(";")) {
            int equals = tag.indexOf('=');
            tags.put(tag.substring(0, equals), tag.substring(equals + 1));
        }
        return tags;
    }

    static String tag(Map<String, String> tags, String name) {
        return Objects.requireNonNull(tags.get(name), name);
    }

    private static String name(String field) {
        return field.substring(0, Math.max(field.indexOf(':'), 0))
                .stripTrailing()
                .toLowerCase(Locale.ROOT);
    }

    static String relaxed(String field) {
        var value = field.substring(field.indexOf(':') + 1).replace("\r\n", "").replaceAll("[ \t]+", " ");
        return name(field) + ":" + value.replaceAll("^ | \\z", "");
    }

    private static String relaxedBody(String body) {
        var out = new StringBuilder();
        for (var line : body.split("\r\n", -1))
            out.append(line.replaceAll("[ \t]+", " ").replaceAll(" \\z", "")).append("\r\n");
        int end = out.length();
        while (end >= 2 && out.substring(end - 2, end).equals("\r\n")) end -= 2;
        return end == 0 ? "" : out.substring(0, end) + "\r\n";
    }

    private static byte[] join(byte[] a, byte[] b) {
        var both = new byte[a.length + b.length];
        System.arraycopy(a, 0, both, 0, a.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}
