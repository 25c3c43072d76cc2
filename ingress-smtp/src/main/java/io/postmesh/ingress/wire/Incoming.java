package io.postmesh.ingress.wire;

import io.postmesh.ingress.session.Answer;
import io.postmesh.ingress.wire.Door.Receipt;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/// A message between 354 and its final dot.
final class Incoming implements Held {
    private final Receipt receipt;
    private final DotReader dots;
    private final Watch sinceStart;
    private final Watch window;
    private long octets; // in this window

    Incoming(Receipt receipt, LongSupplier nanoTime) {
        this.receipt = receipt;
        this.dots = new DotReader(receipt);
        this.sinceStart = new Watch(nanoTime);
        this.window = new Watch(nanoTime);
    }

    /// Whether content must wait; [#onRoom] then runs once, when it may go on.
    boolean isFull() {
        return receipt.isFull();
    }

    void onRoom(Runnable resume) {
        receipt.onRoom(resume);
    }

    DotReader.Outcome read(Inlet in) {
        int from = in.at();
        var outcome = dots.read(in.segment(), from, in.end());
        in.readTo(dots.position());
        octets += dots.position() - from;
        return outcome;
    }

    /// The final dot is read.
    CompletionStage<Answer> end() {
        return receipt.end(dots.hasNul(), dots.longestLine());
    }

    Held.Settling settling() {
        return new Held.Settling(receipt);
    }

    /// Asked now and then. A window in which we were the slow ones is nobody's fault.
    boolean isTooSlow(Deadlines limits) {
        if (sinceStart.isPast(limits.message())) return true;
        if (!window.isPast(limits.window())) return false;
        long least = limits.window().toMillis() * limits.minRate() / 1000;
        boolean tooFew = octets < least && !receipt.isFull();
        window.restart();
        octets = 0;
        return tooFew;
    }

    @Override
    public void letGo() {
        receipt.abort();
    }
}
