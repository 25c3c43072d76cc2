package io.postmesh.lab.load;

import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;

/// One letter as a file for programs that want one.
public final class Sample {
    private Sample() {}

    /// A letter of about this size with LF line ends and single dots: smtp-source's `-F` adds CR and the
    /// second dot.
    public static byte[] withLineFeeds(int size) {
        var letters = new Letters(new LoadPlan(InetSocketAddress.createUnresolved("localhost", 25)).size(size));
        var letter = letters.write(0, 1, letters.buffer());
        var out = new ByteArrayOutputStream(letter.length());
        boolean lineStart = true;
        for (int i = 0; i < letter.length() - 3; i++) { // without the final dot
            byte b = letter.wire()[i];
            boolean doubled = lineStart && b == '.';
            if (b != '\r' && !doubled) out.write(b);
            lineStart = b == '\n';
        }
        return out.toByteArray();
    }
}
