package io.postmesh.ingress.wire;

import io.postmesh.ingress.session.Admission;
import io.postmesh.ingress.session.Answer;
import io.postmesh.ingress.session.Client;
import io.postmesh.ingress.session.Command.MailFrom;
import io.postmesh.ingress.session.Transaction;
import java.util.concurrent.CompletionStage;

/// Where messages go. All calls come from one event loop and return at once; stages may complete on any thread.
public interface Door extends AutoCloseable {
    /// Whether a new connection is welcome: not when memory is short.
    boolean isOpen();

    CompletionStage<Ticket> admit(Client client, MailFrom mail);

    /// No more messages, and none in progress.
    @Override
    void close();

    /// The answer to MAIL, and the room that was set aside for the message if the answer was yes.
    interface Ticket {
        Admission admission();

        /// Starts the message; its receipt takes over the room.
        Receipt receive(Client client, Transaction transaction);

        /// The transaction ended without a message. Harmless after [#receive].
        void release();
    }

    /// A message coming in.
    interface Receipt extends DotReader.Sink {
        /// Whether content must wait; [#onRoom] then runs once, on the event loop, when it may go on.
        boolean isFull();

        void onRoom(Runnable resume);

        /// All content is here. Completes with 250 once the mail is durable, else with the reason.
        CompletionStage<Answer> end(boolean hasNul, int longestLine);

        /// The client is gone, was cut off, or was told to come again: nothing remains of the message, unless it is on
        /// its way to Kafka already.
        void abort();
    }
}
