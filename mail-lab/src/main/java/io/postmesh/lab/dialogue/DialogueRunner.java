package io.postmesh.lab.dialogue;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postmesh.lab.dialogue.Dialogue.Numbered;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Plays dialogues against a server.
public final class DialogueRunner {
    private static final int SHOWN = 200; // octets of one sent line in a failure

    private final InetSocketAddress server;
    private final Duration patience;

    public DialogueRunner(InetSocketAddress server) {
        this(server, Duration.ofSeconds(30)); // a busy machine is slow, not wrong
    }

    /// @param patience how long a reply may take
    public DialogueRunner(InetSocketAddress server, Duration patience) {
        this.server = server;
        this.patience = patience;
    }

    /// @throws DialogueFailure where the server first said something else
    public void play(Dialogue dialogue) {
        var play = new Play(dialogue);
        for (var line : dialogue.lines()) play.step(line);
        play.end();
    }

    private final class Play {
        private final Dialogue dialogue;
        private final StringBuilder transcript = new StringBuilder();
        private final List<Line> aboutNextReply = new ArrayList<>();
        private Client client;
        private Numbered now;

        Play(Dialogue dialogue) {
            this.dialogue = dialogue;
            now = new Numbered(1, "", new Line.Anew());
            client = connect();
        }

        void step(Numbered next) {
            now = next;
            try {
                act(next.line());
            } catch (SocketTimeoutException e) {
                throw failure("expected `" + next.text() + "`, but the server said nothing for " + patience);
            } catch (IOException e) {
                throw failure("the connection broke: " + e.getMessage());
            }
        }

        void end() {
            try (var last = client) {
                if (last.hasMore()) throw failure("the server said more than the dialogue: " + last.reply());
            } catch (IOException e) {
                // closed already: nothing more was said
            }
        }

        private Client connect() {
            try {
                return new Client(server, patience);
            } catch (IOException e) {
                throw failure("no connection to " + server + ": " + e.getMessage());
            }
        }

        private void act(Line line) throws IOException {
            switch (line) {
                case Line.Reply(var pattern) -> expect(pattern);
                case Line.Within _, Line.Nowhere _ -> aboutNextReply.add(line);
                case Line.Send(var octets) -> send(octets);
                case Line.StartTls _ -> client.startTls();
                case Line.Shut _ -> client.shut();
                case Line.Closed _ -> expectEnd();
                case Line.Anew _ -> {
                    client.close();
                    client = connect();
                }
            }
        }

        private void send(byte[] octets) throws IOException {
            var shown = new String(octets, 0, Math.min(octets.length, SHOWN), UTF_8);
            transcript.append("C: ").append(escaped(shown)).append('\n');
            client.send(octets);
        }

        private void expect(String pattern) throws IOException {
            var reply = client.reply();
            reply.forEach(said -> transcript.append("S: ").append(escaped(said)).append('\n'));
            if (reply.isEmpty()) throw failure("expected `" + pattern + "`, but the server closed");
            if (!Wildcard.matches(pattern, reply.getLast())) {
                throw failure("expected `" + pattern + "`, but the server said `" + escaped(reply.getLast()) + "`");
            }
            for (var demand : aboutNextReply) check(demand, reply);
            aboutNextReply.clear();
        }

        private void check(Line demand, List<String> reply) {
            if (demand instanceof Line.Within(var p)
                    && reply.stream().noneMatch(l -> Wildcard.matches(p, asInner(l)))) {
                throw failure("no line of the reply matches `" + p + "`: " + reply);
            }
            if (demand instanceof Line.Nowhere(var p) && reply.stream().anyMatch(l -> Wildcard.matches(p, l))) {
                throw failure("a line of the reply matches `" + p + "`, none should: " + reply);
            }
        }

        // A dialogue does not care which line of a reply comes last.
        private static String asInner(String line) {
            return line.length() > 3 ? line.substring(0, 3) + "-" + line.substring(4) : line;
        }

        private void expectEnd() throws IOException {
            var reply = client.reply();
            if (!reply.isEmpty()) throw failure("expected the server to close, but it said " + reply);
            transcript.append("(closed)\n");
        }

        private DialogueFailure failure(String what) {
            return new DialogueFailure(dialogue.name() + ":" + now.number(), what, transcript.toString());
        }

        private static String escaped(String text) {
            return text.replace("\r", "\\r").replace("\n", "\\n").replace("\0", "\\0");
        }
    }
}
