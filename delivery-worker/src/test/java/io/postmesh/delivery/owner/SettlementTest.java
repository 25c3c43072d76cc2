package io.postmesh.delivery.owner;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.contract.Outcome;
import io.postmesh.contract.Reason;
import io.postmesh.delivery.outcome.Report;
import io.postmesh.delivery.outcome.Result;
import io.postmesh.delivery.outcome.Scope;
import io.postmesh.delivery.outcome.Verdict;
import io.postmesh.delivery.waiting.RetrySchedule;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettlementTest {
    private static final RetrySchedule SCHEDULE = new RetrySchedule(List.of(Duration.ofMinutes(1)), Duration.ofDays(5));

    @ParameterizedTest
    @CsvSource({"TIMEOUT, EXPIRED", "BLOB_MISSING, BLOB_MISSING", "BLOB_DAMAGED, BLOB_DAMAGED", "INTERNAL, INTERNAL"})
    void mailThatIsLateByOurFaultFailsByIt(Reason last, Reason failure) {
        var letter = Wanted.letter(1);
        var verdict = new Verdict.Deferred(last, Optional.empty(), Scope.MESSAGE);
        var report = new Report(List.of(new Result(letter.recipients().getFirst(), verdict)), "mx", "");
        var late = letter.envelope().acceptedAt().plus(Duration.ofDays(6));
        assertThat(Settlement.after(report, letter, SCHEDULE, late, new Random(1))
                        .finals())
                .singleElement()
                .satisfies(share -> {
                    assertThat(share.kind()).isEqualTo(Outcome.Kind.FAILED);
                    assertThat(share.reason()).isEqualTo(failure);
                });
    }
}
