package io.postmesh.signer.dkim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.postmesh.contract.Slice;
import io.postmesh.dkim.BodyHash;
import io.postmesh.message.BadHeader;
import io.postmesh.message.Headers;
import io.postmesh.signer.keys.TestKeys;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/// Messages that are hard to sign (reliability: 8-bit, white space, folds, repeated fields, odd bodies).
final class Letters {
    private static final String FROM = "From: Ann <ann@example.org>\r\nTo: bob@example.net\r\nSubject: Hello\r\n";
    private static final String MIME = "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=iso-8859-1\r\n";

    private Letters() {}

    static byte[] named(String name) {
        return Objects.requireNonNull(all().get(name), name);
    }

    static Map<String, byte[]> all() {
        var all = new LinkedHashMap<String, String>();
        all.put("plain", FROM + "\r\nHello there.\r\n");
        all.put("eight-bit", FROM + MIME + "\r\nGr\u00fc\u00dfe \u00ff\u0080 \u00a0\r\n");
        all.put("trailing-spaces", FROM + "\r\nHello   \t\r\n  \t \r\nthere \r\n \r\n\r\n");
        all.put("empty-body", FROM + "\r\n");
        all.put("no-body-at-all", FROM);
        all.put("no-final-line-end", FROM + "\r\nHello\r\nthere");
        all.put("no-final-line-end-but-spaces", FROM + "\r\nHello\r\nthere  ");
        all.put("blank-lines-only", FROM + "\r\n\r\n\r\n \r\n\t\r\n");
        all.put("one-blank-line", FROM + "\r\n\r\n");
        all.put("leading-blank-lines", FROM + "\r\n\r\n\r\nHello\r\n");
        all.put(
                "tabs-in-headers",
                "From:\tann@example.org\r\nSubject:\ta\tb  \t\r\nTo:\tbob@example.net\t\r\n\r\nx\r\n");
        all.put(
                "folded-headers",
                "From: Ann\r\n <ann@example.org>\r\nSubject: one\r\n two\r\n\t three \r\n  \r\n four\r\nTo:\r\n b@c\r\n\r\nx\r\n");
        all.put(
                "repeated-fields",
                "Cc: one@a\r\nFrom: ann@example.org\r\nCc: two@b\r\nReferences: <1@a>\r\nCc: three@c\r\n"
                        + "References: <2@a>\r\nSubject: a\r\nSubject: b\r\n\r\nx\r\n");
        all.put("long-lines", FROM + "X-Long: " + "y".repeat(980) + "\r\n\r\n" + "z ".repeat(499) + "\r\n");
        all.put("long-subject", "From: ann@example.org\r\nSubject: " + "w ".repeat(480) + "\r\n\r\nx\r\n");
        all.put("dots", FROM + "\r\n.\r\n..\r\n.hidden\r\n");
        all.put("empty-values", "From: ann@example.org\r\nSubject:\r\nCc: \r\nReply-To:\r\n \r\n\r\nx\r\n");
        all.put("eight-bit-header", "From: Ann\u00c3\u00a9 <ann@example.org>\r\nSubject: \u00c3\u00bc\r\n\r\nx\r\n");
        all.put(
                "newsletter",
                FROM + MIME + "List-Unsubscribe: <https://a.example/u>\r\n"
                        + "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nList-Id: <l.example.org>\r\n"
                        + "Sender: s@example.org\r\nReply-To: r@example.org\r\nDate: Sat, 1 Jan 2022 00:00:00 +0000\r\n"
                        + "Message-ID: <1@example.org>\r\nContent-Transfer-Encoding: 8bit\r\n\r\nx\r\n");
        var random = new SplittableRandom(8463);
        for (int i = 0; i < 60; i++) all.put("random-" + i, random(random));
        var octets = new LinkedHashMap<String, byte[]>();
        all.forEach((name, text) -> octets.put(name, text.getBytes(ISO_8859_1)));
        return octets;
    }

    private static String random(SplittableRandom random) {
        var text = new StringBuilder("From: ann@example.org\r\n");
        var names = new String[] {"To", "cc", "SUBJECT", "Date", "Reply-To", "X-Y", "References", "Content-Type"};
        for (int n = random.nextInt(12); n > 0; n--)
            text.append(names[random.nextInt(names.length)])
                    .append(':')
                    .append(value(random))
                    .append("\r\n");
        text.append("\r\n");
        var pieces = new String[] {"\r\n", " ", "\t", "word", "\u00e9", ".", "  ", "=20\r\n"};
        for (int n = random.nextInt(200); n > 0; n--) text.append(pieces[random.nextInt(pieces.length)]);
        return text.toString();
    }

    private static String value(SplittableRandom random) {
        var value = new StringBuilder();
        var pieces = new String[] {" ", "\t", "\r\n ", "\r\n\t", "word", "a:b", ";", "\u00e9x"};
        for (int n = random.nextInt(10); n > 0; n--) value.append(pieces[random.nextInt(pieces.length)]);
        return value.append("end").toString();
    }

    /// The message as it leaves the signer.
    static byte[] signed(byte[] message) throws BadHeader {
        var text = new String(message, ISO_8859_1);
        int gap = text.indexOf("\r\n\r\n");
        int bodyAt = gap < 0 ? message.length : gap + 4;
        var hash = new BodyHash();
        hash.update(message, bodyAt, message.length - bodyAt);
        var headers = Headers.scan(new Slice(message, 0, bodyAt));
        var fields = DkimSigner.sign(headers, hash.digest(), TestKeys.BOTH, Instant.ofEpochSecond(1_700_000_000));
        return (new String(fields, ISO_8859_1) + text).getBytes(ISO_8859_1);
    }

    /// What a receiver gets: SMTP ends every message with CR LF (RFC 5321 §4.1.1.4). That is a matter of verdicts:
    /// python3-dkim keeps white space at the end of a body without a line end, §3.4.4 does not.
    static byte[] onTheWire(byte[] message) {
        var text = new String(message, ISO_8859_1);
        return (text.endsWith("\r\n") ? text : text + "\r\n").getBytes(ISO_8859_1);
    }
}
