package io.postmesh.contract;

import io.postmesh.mail.SmtpReply;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What the owner of one partition says to one action.
///
/// @param epoch of the owner: after a change of owners each speaks for what it did
/// @param more  what had no room in `queues` or `seats`
public record Answer(
        ActionId action,
        int partition,
        String worker,
        int epoch,
        State state,
        Count count,
        List<Queue> queues,
        List<Seat> seats,
        long more,
        String refusal) {
    public enum State {
        /// In force, and counted; the waiting ones are being worked through.
        CONFIRMED,
        /// Nothing is left to do.
        DONE,
        REFUSED
    }

    /// Mails here are records: the same mail for another next hop is another one.
    ///
    /// @param done    of those that wait
    /// @param inHand  about to be attempted: met before MAIL FROM, or when they are put off
    /// @param tooLate past their dot
    /// @param oldest  when the first of them was accepted
    public record Count(long mails, long recipients, long done, long inHand, long tooLate, Optional<Instant> oldest) {
        public static final Count NOTHING = new Count(0, 0, 0, 0, 0, Optional.empty());

        public Count plus(Count other) {
            var first = oldest.isEmpty()
                            || other.oldest.isPresent() && other.oldest.get().isBefore(oldest.get())
                    ? other.oldest
                    : oldest;
            return new Count(
                    mails + other.mails,
                    recipients + other.recipients,
                    done + other.done,
                    inHand + other.inHand,
                    tooLate + other.tooLate,
                    first);
        }
    }

    /// One destination, in mails; or [#OTHERS].
    ///
    /// @param waiting   for their time
    /// @param due       their time has come
    /// @param reason    why the one tried last waits, and what its remote said
    /// @param attempts  the most any has had
    public record Queue(
            String destination,
            long waiting,
            long held,
            long suspended,
            long due,
            long inHand,
            Optional<Instant> oldest,
            Reason reason,
            Optional<SmtpReply> lastReply,
            int attempts) {
        /// In the place of a destination: all those beyond what an owner tells apart. No domain is called so.
        public static final String OTHERS = "(others)";

        public long total() {
            return waiting + held + suspended + due + inHand;
        }
    }

    /// One mail.
    ///
    /// @param actions in force that match it
    public record Seat(Waiting state, Place place, List<ActionId> actions) {
        public Seat {
            actions = List.copyOf(actions);
        }
    }

    public enum Place {
        WAITING,
        DUE,
        HELD,
        SUSPENDED,
        /// In a queue for its turn, or in conversation.
        IN_HAND,
        /// The remote may have it.
        PAST_DOT
    }

    public Answer {
        queues = List.copyOf(queues);
        seats = List.copyOf(seats);
    }

    /// Its key in `mesh.answers`.
    public String key() {
        return action + "/" + partition + "/" + epoch;
    }
}
