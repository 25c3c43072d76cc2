package io.postmesh.lab.load;

import io.postmesh.lab.load.Letters.Letter;
import io.postmesh.lab.load.Session.Answer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A line to the servers, in turn: opened when needed and renewed after so many letters, after 421, and after
/// it broke.
final class Reconnecting implements AutoCloseable {
    private final List<InetSocketAddress> servers;
    private int next;
    private final int perConnection;
    private @Nullable Session session;

    /// @param first index of the server that is asked first
    Reconnecting(List<InetSocketAddress> servers, int first, int perConnection) {
        this.servers = servers;
        this.next = first;
        this.perConnection = perConnection;
    }

    Answer send(Letter letter) {
        try {
            if (session == null) session = new Session(servers.get(next++ % servers.size()));
        } catch (IOException e) {
            return new Answer.Broken(e, false);
        }
        var answer = session.send(letter);
        boolean over = answer instanceof Answer.Broken || answer instanceof Answer.Refused no && no.code() == 421;
        if (over || session.sent() >= perConnection) close();
        return answer;
    }

    @Override
    public void close() {
        if (session != null) session.close();
        session = null;
    }
}
