package io.postmesh.delivery.owner;

import io.postmesh.contract.Action;
import io.postmesh.contract.Answer;
import io.postmesh.contract.Reason;
import io.postmesh.contract.Selector.Match;
import io.postmesh.contract.Traits;
import io.postmesh.contract.Waiting;
import io.postmesh.delivery.control.Orders;
import io.postmesh.mail.SmtpReply;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One question being answered: how many wait for whom, or which ones. What it gathers is bounded, whatever waits: of
/// more destinations than are told apart, the later ones are counted together.
final class Inquiry {
    static final int MOST_DESTINATIONS = 20_000; // told apart: some 10 MB, in the worst case for each partition
    private static final int MOST_QUEUES = 500;
    private static final int MOST_SEATS = 2_000; // 1 kB each: below what a record may be

    private static final class Tally {
        private final Map<Answer.Place, Long> places = new EnumMap<>(Answer.Place.class);
        private Optional<Instant> oldest = Optional.empty();
        private Optional<SmtpReply> reply = Optional.empty();
        private Reason reason = Reason.INTERNAL;
        private int attempts;

        private void add(Waiting state, Answer.Place place) {
            places.merge(place, 1L, Long::sum);
            if (oldest.isEmpty() || state.acceptedAt().isBefore(oldest.get())) oldest = Optional.of(state.acceptedAt());
            if (state.attempts() > attempts || reason == Reason.INTERNAL) {
                reason = state.reason();
                reply = state.lastReply().or(() -> reply);
            }
            attempts = Math.max(attempts, state.attempts());
        }

        private long in(Answer.Place place) {
            return places.getOrDefault(place, 0L);
        }

        private Answer.Queue queue(String destination) {
            return new Answer.Queue(
                    destination,
                    in(Answer.Place.WAITING),
                    in(Answer.Place.HELD),
                    in(Answer.Place.SUSPENDED),
                    in(Answer.Place.DUE),
                    in(Answer.Place.IN_HAND) + in(Answer.Place.PAST_DOT),
                    oldest,
                    reason,
                    reply,
                    attempts);
        }
    }

    private final Action question;
    private final Orders orders;
    private final Instant now;
    private final Map<String, Tally> queues = new HashMap<>();
    private final Tally others = new Tally();
    private final List<Answer.Seat> seats = new ArrayList<>();
    private Answer.Count count = Answer.Count.NOTHING;
    private long more;

    Inquiry(Action question, Orders orders, Instant now) {
        this.question = question;
        this.orders = orders;
        this.now = now;
    }

    void inHand(Letter letter, boolean pastItsDot) {
        var parked = Settlement.parked(letter, Reason.INTERNAL, Optional.of(now));
        var state = switch (letter.source()) {
            case Letter.Source.Arrived _ -> Lines.state(letter, parked, 0);
            case Letter.Source.Waited(var waited, var _) -> waited;
        };
        add(state, pastItsDot ? Answer.Place.PAST_DOT : Answer.Place.IN_HAND);
    }

    void waits(Waiting state) {
        if (question.selector().match(Traits.of(state)) == Match.NO) return;
        add(state, Roll.place(state, orders, now));
    }

    private void add(Waiting state, Answer.Place place) {
        count = count.plus(new Answer.Count(1, state.positions().size(), 0, 0, 0, Optional.of(state.acceptedAt())));
        if (question.verb() == Action.Verb.SUMMARY) {
            tally(state.destination()).add(state, place);
        } else if (seats.size() < Math.min(question.limit(), MOST_SEATS)) {
            seats.add(new Answer.Seat(state, place, orders.matching(Traits.of(state), now)));
        } else {
            more++;
        }
    }

    private Tally tally(String destination) {
        if (queues.size() >= MOST_DESTINATIONS) return queues.getOrDefault(destination, others);
        return queues.computeIfAbsent(destination, _ -> new Tally());
    }

    Answer answer(int partition, String worker, int epoch) {
        var largest = queues.entrySet().stream()
                .map(one -> one.getValue().queue(one.getKey()))
                .sorted(Comparator.comparingLong(Answer.Queue::total).reversed())
                .limit(MOST_QUEUES)
                .toList();
        var told = new ArrayList<>(largest);
        var rest = others.queue(Answer.Queue.OTHERS);
        if (rest.total() > 0) told.add(rest);
        return new Answer(
                question.id(),
                partition,
                worker,
                epoch,
                Answer.State.DONE,
                count,
                told,
                seats,
                more + queues.size() - largest.size(),
                "");
    }
}
