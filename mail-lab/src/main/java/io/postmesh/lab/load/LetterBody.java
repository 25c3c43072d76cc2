package io.postmesh.lab.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Base64;
import java.util.Random;

/// One kind of order confirmation, ready for the wire but for the places where each copy differs.
///
/// Made once; a copy costs one array copy and a random letter per place. Dots are doubled already.
final class LetterBody {
    private static final char HOLE = '\u0001'; // stands where each copy gets its own letter
    private static final int LARGE = 200_000; // from here on the weight is an attachment, as in life
    private static final String BOUNDARY = "=_part_7f3a91c05e2d_4b86";

    private static final String[] NAMES = {
        "Ana", "Bruno", "Chloé", "Dmitri", "Esra", "Farid", "Grace", "Hiroshi", "Inès"
    };
    private static final String[] GOODS = {
        "Enamel kettle, 1.7 l", "Oak shelf, two boards", "Wool blanket, charcoal", "Desk lamp with dimmer",
        "Trail shoes, waterproof", "Espresso beans, 1 kg", "Notebook, dotted, A5", "Cast iron pan, 26 cm",
        "Rain jacket, packable", "Ceramic planter, large", "Bicycle pump with gauge", "Linen shirt, regular fit"
    };
    private static final String[] REMARKS = {
        "Usually leaves our warehouse within two working days.",
        "Sent separately; you will get a second message with its tracking number.",
        "Can be returned within thirty days in its original packaging.",
        "Care instructions come in the box and are on the product page.",
        "This item is covered by our two-year guarantee.",
    };

    private final byte[] octets;
    private final int[] places;

    private LetterBody(String wire) {
        octets = wire.getBytes(ISO_8859_1);
        var found = new ArrayList<Integer>();
        for (int i = 0; i < octets.length; i++) if (octets[i] == HOLE) found.add(i);
        places = found.stream().mapToInt(Integer::intValue).toArray();
    }

    /// @param size octets of the body, about
    static LetterBody make(int size, long seed) {
        var dice = new Dice(seed);
        int letter = size > LARGE ? LARGE / 10 : size;
        var text = text(dice, letter / 6);
        var html = quotedPrintable(html(dice, letter - text.length()));
        var wire = alternative(text, html);
        return new LetterBody(size > LARGE ? withAttachment(wire, size, seed) : closed(wire));
    }

    /// The value of the Content-Type field that goes with this body.
    String contentType() {
        boolean mixed = octets.length > LARGE;
        return "multipart/" + (mixed ? "mixed" : "alternative") + "; boundary=\"" + BOUNDARY + "\"";
    }

    int length() {
        return octets.length;
    }

    void copy(byte[] into, int at, Dice dice) {
        System.arraycopy(octets, 0, into, at, octets.length);
        dice.letters(into, at, places);
    }

    private static String text(Dice dice, int size) {
        var out = new StringBuilder("Hello " + ascii(dice.pick(NAMES)) + ",\r\n\r\nthank you for your order "
                + holes(10) + ".\r\nHere is what you bought:\r\n\r\n");
        while (out.length() < size) {
            out.append("  ").append(1 + dice.below(4)).append(" x ").append(dice.pick(GOODS));
            out.append("   EUR ")
                    .append(dice.below(90))
                    .append('.')
                    .append(10 + dice.below(90))
                    .append("\r\n     ");
            out.append(dice.pick(REMARKS)).append("\r\n");
        }
        out.append("\r\nTrack it: https://shop.demo.test/t/").append(holes(22));
        return out.append("\r\n\r\nYour demo.test team\r\n").toString();
    }

    private static String html(Dice dice, int size) {
        var out = new StringBuilder(size + 2_000);
        out.append("""
                <!doctype html><html lang="en"><head><meta charset="utf-8"><title>Your order</title><style>
                .button{background:#1a73e8;border-radius:4px;color:#ffffff;display:inline-block;padding:12px 24px}
                .muted{color:#6b7280;font-size:12px}
                @media (max-width:600px){.wide{width:100%!important}}
                </style></head>
                <body style="margin:0;padding:0;background:#f4f5f7"><table role="presentation" width="100%" border="0">
                """);
        out.append("<tr><td><h1>Thank you, ")
                .append(dice.pick(NAMES))
                .append("</h1><p>Order ")
                .append(holes(10));
        out.append("</p></td></tr>\n");
        int rows = 0;
        while (out.length() * 1.08 < size - 900) row(out, dice, ++rows); // quoted-printable adds about 8 %
        out.append("<tr><td><a class=\"button\" href=\"https://shop.demo.test/t/")
                .append(holes(22));
        out.append("?utm_source=mail&utm_medium=order\">Track your order</a></td></tr></table>\n<p class=\"muted\">");
        out.append("© demo.test, 1 Example Street · <a href=\"https://shop.demo.test/u/")
                .append(holes(32));
        out.append("\">Unsubscribe</a></p><img src=\"https://shop.demo.test/o/").append(holes(32));
        return out.append(".gif\" width=\"1\" height=\"1\"></body></html>\n").toString();
    }

    private static void row(StringBuilder out, Dice dice, int number) {
        var cell = "<td style=\"padding:8px 16px;font-family:Arial,Helvetica,sans-serif;font-size:14px\">";
        out.append("<tr>").append(cell).append(number).append("</td>\n").append(cell);
        out.append("<a href=\"https://shop.demo.test/c/")
                .append(holes(28))
                .append("\">")
                .append(dice.pick(GOODS));
        out.append("</a><br><span class=\"muted\">")
                .append(dice.pick(REMARKS))
                .append("</span></td>\n")
                .append(cell);
        out.append("€ ")
                .append(dice.below(90))
                .append('.')
                .append(10 + dice.below(90))
                .append("</td></tr>\n");
    }

    private static String alternative(String text, String html) {
        return "--" + BOUNDARY + "\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n" + text
                + "\r\n--" + BOUNDARY + "\r\nContent-Type: text/html; charset=utf-8\r\n"
                + "Content-Transfer-Encoding: quoted-printable\r\n\r\n" + html;
    }

    private static String withAttachment(String wire, int size, long seed) {
        var octets = new byte[Math.max(1_000, (int) ((size - wire.length()) / 1.37))]; // base64 with its line ends
        new Random(seed).nextBytes(octets);
        return closed(wire + "\r\n--" + BOUNDARY + "\r\nContent-Type: application/pdf; name=\"invoice.pdf\"\r\n"
                + "Content-Transfer-Encoding: base64\r\n\r\n"
                + new String(Base64.getMimeEncoder().encode(octets), ISO_8859_1));
    }

    private static String closed(String wire) {
        return wire + "\r\n--" + BOUNDARY + "--\r\n";
    }

    /// RFC 2045 §6.7, lines of 76; a dot at a line's start is doubled on the way (RFC 5321 §4.5.2).
    private static String quotedPrintable(String html) {
        var out = new StringBuilder(html.length() * 5 / 4);
        int column = 0;
        for (byte b : html.getBytes(UTF_8)) {
            if (b == '\n') {
                out.append("\r\n");
                column = 0;
                continue;
            }
            var shown = b == '=' || b < 0 ? String.format("=%02X", b & 0xff) : String.valueOf((char) b);
            if (column + shown.length() > 75) {
                out.append("=\r\n");
                column = 0;
            }
            if (column == 0 && b == '.') out.append('.');
            out.append(shown);
            column += shown.length();
        }
        return out.toString();
    }

    private static String holes(int count) {
        return String.valueOf(HOLE).repeat(count);
    }

    private static String ascii(String name) {
        return name.replace("é", "e").replace("è", "e");
    }
}
