package io.postmesh.dkim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/// RFC 6376 §3.4.4 word by word, with strings: slow, and simple enough to be believed.
final class NaiveBody {
    private NaiveBody() {}

    static byte[] relaxed(byte[] body) {
        var out = new StringBuilder();
        for (var line : new String(body, ISO_8859_1).split("\r\n", -1)) {
            out.append(line.replaceAll("[ \t]+\\z", "").replaceAll("[ \t]+", " "))
                    .append("\r\n");
        }
        var text = out.toString();
        while (text.endsWith("\r\n")) text = text.substring(0, text.length() - 2);
        return (text.isEmpty() ? "" : text + "\r\n").getBytes(ISO_8859_1);
    }
}
