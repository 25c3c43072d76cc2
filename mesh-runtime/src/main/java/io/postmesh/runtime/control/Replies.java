package io.postmesh.runtime.control;

import io.postmesh.contract.Action;
import io.postmesh.contract.Answer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What the owners said in time.
///
/// @param since   when Kafka took the action
/// @param answers the last one of each owner; of a partition that changed hands, one of each
/// @param silent  partitions nobody spoke for
public record Replies(Action action, Instant since, int partitions, List<Answer> answers, List<Silent> silent) {
    /// @param worker who had it when it was asked, as far as Kafka knew
    public record Silent(int partition, Optional<String> worker) {}

    public Replies {
        answers = List.copyOf(answers);
        silent = List.copyOf(silent);
    }

    public Answer.Count count() {
        return answers.stream().map(Answer::count).reduce(Answer.Count.NOTHING, Answer.Count::plus);
    }

    /// In force there, but the waiting mail is still being worked through.
    public List<Answer> working() {
        return answers.stream()
                .filter(answer -> answer.state() == Answer.State.CONFIRMED)
                .toList();
    }

    public Optional<String> refusal() {
        return answers.stream()
                .filter(answer -> answer.state() == Answer.State.REFUSED)
                .map(Answer::refusal)
                .findFirst();
    }

    /// Every owner of every partition has confirmed.
    public boolean isComplete() {
        return silent.isEmpty() && refusal().isEmpty();
    }
}
