package io.postmesh.lab.sink;

import java.util.ArrayDeque;
import java.util.List;

/// The command lines clients sent, newest connections only. Message octets and passwords are not among them.
public final class Transcripts {
    private static final int CONNECTIONS = 500;
    private static final int COMMANDS = 1_000; // of one connection: load must not fill the heap

    /// One connection's commands.
    public static final class Transcript {
        private final long connection;
        private final ArrayDeque<String> commands = new ArrayDeque<>();
        private boolean pipelined;

        Transcript(long connection) {
            this.connection = connection;
        }

        public long connection() {
            return connection;
        }

        public synchronized List<String> commands() {
            return List.copyOf(commands);
        }

        /// Whether a command came before the reply to the one before it.
        public synchronized boolean pipelined() {
            return pipelined;
        }

        synchronized void add(String command, boolean moreWaits) {
            if (commands.size() < COMMANDS) commands.add(command);
            pipelined |= moreWaits;
        }

        @Override
        public String toString() {
            return connection + ": " + commands();
        }
    }

    private final ArrayDeque<Transcript> transcripts = new ArrayDeque<>();

    /// Oldest first.
    public synchronized List<Transcript> all() {
        return List.copyOf(transcripts);
    }

    synchronized Transcript open(long connection) {
        if (transcripts.size() == CONNECTIONS) transcripts.removeFirst();
        var transcript = new Transcript(connection);
        transcripts.addLast(transcript);
        return transcript;
    }
}
