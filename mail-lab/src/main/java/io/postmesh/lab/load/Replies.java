package io.postmesh.lab.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/// Reads replies without making a string of every line.
final class Replies {
    private final InputStream in;
    private final byte[] buffer = new byte[4 * 1024];
    private int at;
    private int filled;
    private final byte[] line = new byte[1_024];
    private int length;

    Replies(InputStream in) {
        this.in = in;
    }

    /// Reads one reply to its last line and gives its code.
    int next() throws IOException {
        do readLine();
        while (length > 3 && line[3] == '-');
        if (length < 3) throw new IOException("not a reply: " + text());
        return (line[0] - '0') * 100 + (line[1] - '0') * 10 + line[2] - '0';
    }

    /// Whether a reply, read to its last line, has this word at the start of a line.
    boolean offers(String keyword) throws IOException {
        boolean found = false;
        do {
            readLine();
            found |= text().startsWith(keyword, 4);
        } while (length > 3 && line[3] == '-');
        return found && line[0] == '2';
    }

    /// The last line read.
    String text() {
        return new String(line, 0, length, ISO_8859_1);
    }

    private void readLine() throws IOException {
        length = 0;
        while (true) {
            if (at == filled) {
                filled = in.read(buffer);
                at = 0;
                if (filled < 0) throw new EOFException("the server closed");
            }
            byte b = buffer[at++];
            if (b == '\n') return;
            if (b != '\r' && length < line.length) line[length++] = b;
        }
    }
}
