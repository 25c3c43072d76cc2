package io.postmesh.lab.sink;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Predicate;

/// The newest messages, in memory, for tests to wait on.
public final class Inbox {
    private final int limit;
    private final ArrayDeque<Received> mails = new ArrayDeque<>();

    Inbox(int limit) {
        this.limit = limit;
    }

    synchronized void add(Received mail) {
        if (limit == 0) return;
        if (mails.size() == limit) mails.removeFirst();
        mails.addLast(mail);
        notifyAll();
    }

    /// Everything kept, oldest first.
    public synchronized List<Received> all() {
        return List.copyOf(mails);
    }

    public List<Received> to(String recipient) {
        return all().stream()
                .filter(mail -> mail.recipients().contains(recipient))
                .toList();
    }

    public synchronized void clear() {
        mails.clear();
    }

    /// Waits until this many messages are here.
    public List<Received> await(int count, Duration atMost) {
        return await(_ -> true, count, atMost);
    }

    /// Waits for a message to this recipient and gives the oldest.
    public Received awaitTo(String recipient, Duration atMost) {
        return await(mail -> mail.recipients().contains(recipient), 1, atMost).getFirst();
    }

    /// Waits until this many messages match.
    ///
    /// @throws AssertionError when the time is up; it says what was here instead
    public synchronized List<Received> await(Predicate<Received> wanted, int count, Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (true) {
            var matching = mails.stream().filter(wanted).toList();
            if (matching.size() >= count) return matching;
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) throw missing(matching.size(), count, atMost);
            pause(left);
        }
    }

    private AssertionError missing(int came, int count, Duration atMost) {
        return new AssertionError(
                "wanted " + count + " mails within " + atMost + ", " + came + " came; the inbox has " + mails);
    }

    private void pause(long millis) {
        try {
            wait(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for mail", e);
        }
    }
}
