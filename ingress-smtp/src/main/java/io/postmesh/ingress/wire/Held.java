package io.postmesh.ingress.wire;

import io.postmesh.ingress.wire.Door.Receipt;
import io.postmesh.ingress.wire.Door.Ticket;

/// What is held for a client's message: first the room for it, then the message, then its fate. One thing at a time.
sealed interface Held permits Held.Nothing, Held.Room, Incoming, Held.Settling {
    Held NOTHING = new Nothing();

    /// The transaction ended without it, or the client is gone.
    void letGo();

    record Nothing() implements Held {
        @Override
        public void letGo() {}
    }

    /// MAIL was accepted.
    record Room(Ticket ticket) implements Held {
        @Override
        public void letGo() {
            ticket.release();
        }
    }

    /// The dot is read, the answer is not known yet.
    record Settling(Receipt receipt) implements Held {
        @Override
        public void letGo() {
            receipt.abort();
        }
    }
}
