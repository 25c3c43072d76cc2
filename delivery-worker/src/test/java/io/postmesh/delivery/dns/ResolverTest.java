package io.postmesh.delivery.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.delivery.plan.MxAnswer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Record;

/// What the DNS library may forget or throw, and what must not stay behind.
class ResolverTest {
    @Test
    void aQuestionThatIsNeverAnsweredIsAskedAgainTheNextTime() {
        var asked = new AtomicInteger();
        var resolver = new Resolver(
                (name, type) -> asked.incrementAndGet() == 1
                        ? new CompletableFuture<>()
                        : CompletableFuture.completedFuture(List.<Record>of()),
                Duration.ofMillis(50));
        assertThat(resolver.mx("one.test").join()).isInstanceOf(MxAnswer.Unsure.class);
        assertThat(resolver.mx("one.test").join()).isInstanceOf(MxAnswer.Hosts.class);
        assertThat(asked).hasValue(2);
    }

    @Test
    void theSameQuestionUnderWayIsNotAskedTwice() {
        var asked = new AtomicInteger();
        var answer = new CompletableFuture<List<Record>>();
        var resolver = new Resolver(
                (name, type) -> {
                    asked.incrementAndGet();
                    return answer;
                },
                Duration.ofSeconds(20));
        var first = resolver.mx("one.test");
        var second = resolver.mx("one.test");
        answer.complete(List.of());
        assertThat(first.join()).isEqualTo(second.join());
        assertThat(asked).hasValue(1);
    }
}
