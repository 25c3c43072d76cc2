package io.postmesh.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.contract.Action;
import io.postmesh.contract.ActionId;
import io.postmesh.contract.Answer;
import io.postmesh.contract.Selector;
import io.postmesh.runtime.control.Replies;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class QueueTextTest {
    @Test
    void whatIsRefusedIsNotSaidToBeInForce() {
        var action = new Action(
                new ActionId("01BX5ZZKBKACTAV9WEVGEMMVRZ"),
                Action.Verb.HOLD,
                Selector.ALL,
                "a test",
                "ann",
                Duration.ofHours(1),
                false,
                1,
                0);
        var no = new Answer(
                action.id(),
                0,
                "worker",
                1,
                Answer.State.REFUSED,
                Answer.Count.NOTHING,
                List.of(),
                List.of(),
                0,
                "too many are in force");
        var lines = QueueText.act(new Replies(action, Instant.EPOCH, 1, List.of(no), List.of()));
        assertThat(lines).contains("refused: too many are in force").noneMatch(line -> line.startsWith("in force"));
    }
}
