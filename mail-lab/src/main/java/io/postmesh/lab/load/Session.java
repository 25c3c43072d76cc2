package io.postmesh.lab.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.postmesh.lab.load.Letters.Letter;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// One connection that sends letters.
final class Session implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 120_000; // a server that fsyncs under full load is slow, not dead

    private final Socket socket = new Socket();
    private final OutputStream out;
    private final Replies replies;
    private final boolean pipelining;
    private int sent;
    private String refused = ""; // the reply that refused the last envelope

    Session(InetSocketAddress server) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(server, PATIENCE_MILLIS);
        out = socket.getOutputStream();
        replies = new Replies(socket.getInputStream());
        if (replies.next() != 220) throw new IOException("the server said " + replies.text());
        say("EHLO load.postmesh.test\r\n");
        pipelining = replies.offers("PIPELINING");
    }

    /// What became of a letter.
    sealed interface Answer {
        record Taken(String reply, Duration afterDot) implements Answer {}

        /// @param waited since the dot had gone out; zero before it
        record Refused(int code, String reply, boolean afterDot, Duration waited) implements Answer {}

        /// The connection broke; after the dot nobody knows who has the mail.
        record Broken(IOException cause, boolean afterDot) implements Answer {}
    }

    int sent() {
        return sent;
    }

    Answer send(Letter letter) {
        sent++;
        boolean afterDot = false;
        try {
            int refusal = envelope(letter);
            if (refusal != 0) return new Answer.Refused(refusal, refused, false, Duration.ZERO);
            afterDot = true;
            out.write(letter.wire(), 0, letter.length());
            long dot = System.nanoTime();
            int code = replies.next();
            var waited = Duration.ofNanos(System.nanoTime() - dot);
            return code == 250
                    ? new Answer.Taken(replies.text(), waited)
                    : new Answer.Refused(code, replies.text(), true, waited);
        } catch (IOException e) {
            return new Answer.Broken(e, afterDot);
        }
    }

    // 0 when the server waits for content; else the code that refused, with the transaction undone.
    private int envelope(Letter letter) throws IOException {
        var to = letter.recipients();
        var commands = new ArrayList<String>(to.length + 2);
        commands.add("MAIL FROM:<" + letter.from() + ">\r\n");
        for (var recipient : to) commands.add("RCPT TO:<" + recipient + ">\r\n");
        // DATA joins the group only when no other recipient could make the server accept it after a refusal.
        if (to.length == 1) commands.add("DATA\r\n");
        int refusal = ask(commands);
        if (to.length > 1 && refusal == 0) refusal = ask(List.of("DATA\r\n"));
        if (refusal != 0 && refusal != 421) {
            say("RSET\r\n");
            replies.next();
        }
        return refusal;
    }

    // The first code that refused, or 0.
    private int ask(List<String> commands) throws IOException {
        int refusal = 0;
        if (pipelining) say(String.join("", commands));
        for (var command : commands) {
            if (!pipelining) say(command);
            int code = replies.next();
            if (code >= 400 && refusal == 0) {
                refusal = code;
                refused = replies.text(); // those behind it follow from it
            }
            if (code == 421) return code; // and it closes
        }
        return refusal;
    }

    private void say(String commands) throws IOException {
        out.write(commands.getBytes(ISO_8859_1));
    }

    @Override
    public void close() {
        try (socket) {
            say("QUIT\r\n");
        } catch (IOException e) {
            // it had gone already
        }
    }
}
