package io.postmesh.bench.micro;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.postmesh.lab.load.Sample;

/// One letter of our generator, as it arrives.
public final class Letter20k {
    private static final int SIZE = 20_000;

    private Letter20k() {}

    static byte[] head() {
        return text().substring(0, bodyAt()).getBytes(ISO_8859_1);
    }

    static byte[] body() {
        return text().substring(bodyAt()).getBytes(ISO_8859_1);
    }

    /// What comes after 354: dots doubled, the final dot at the end.
    public static byte[] wire() {
        return (text().replace("\r\n.", "\r\n..") + ".\r\n").getBytes(ISO_8859_1);
    }

    private static int bodyAt() {
        return text().indexOf("\r\n\r\n") + 4;
    }

    private static String text() {
        return new String(Sample.withLineFeeds(SIZE), ISO_8859_1).replace("\n", "\r\n");
    }
}
