package io.postmesh.delivery.owner;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.CountDownLatch;

/// Real time, and a trap for a poll thread: once it is set, whoever of them asks for the time stands still.
final class StoppableClock extends Clock {
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private final CountDownLatch stopped = new CountDownLatch(1);

    void stopPolling() throws InterruptedException {
        gate = new CountDownLatch(1);
        stopped.await();
    }

    void goOn() {
        gate.countDown();
    }

    @Override
    public Instant instant() {
        if (Thread.currentThread().getName().equals("owner") && gate.getCount() > 0) {
            stopped.countDown();
            try {
                gate.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return Instant.now();
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
