package io.postmesh.delivery.owner;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postmesh.contract.Action;
import io.postmesh.contract.Action.Verb;
import io.postmesh.contract.BadRecord;
import io.postmesh.contract.RecordCodec;
import io.postmesh.contract.Selector;
import io.postmesh.contract.Topics;
import io.postmesh.contract.Waiting;
import io.postmesh.delivery.outcome.Courier;
import io.postmesh.mail.MailId;
import io.postmesh.runtime.control.Commander;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A hold of thirty days, while Kafka compacts the bodies and owners come and go (LEDGER L8, L20).
@Timeout(300)
class HeldForAMonthTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration MONTH = Duration.ofDays(30);
    // Kafka's clock does not go ahead with the workers': what is said at the end must be valid still.
    private static final Duration HALF = MONTH.dividedBy(2).minus(HOUR);

    @TempDir
    private Path folder;

    private final Abroad abroad = new Abroad();
    private final HandClock clock = new HandClock();
    private final Map<MailId, String> arrived = new ConcurrentHashMap<>();
    private final List<Owner> workers = new ArrayList<>();
    private Workshop workshop;
    private Commander commander;

    @BeforeEach
    void open() throws Exception {
        workshop = new Workshop(folder);
        commander = workshop.commander();
    }

    @AfterEach
    void close() throws Exception {
        for (var worker : workers) worker.kill();
        commander.close();
        workshop.close();
    }

    private Owner worker(String name) throws Exception {
        Courier remotes = (job, checkpoints) -> {
            try (var body = job.body().open()) {
                arrived.put(job.envelope().id(), new String(body.readAllBytes(), US_ASCII));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return abroad.of(name).carry(job, checkpoints);
        };
        var lease = workshop.lease(Clock.systemUTC());
        var worker = workshop.worker(
                name,
                new Wire(workshop.writer),
                remotes,
                lease,
                clock,
                new SimpleMeterRegistry(),
                HOUR,
                Duration.ofSeconds(10));
        workers.add(worker);
        return worker;
    }

    private void ask(Verb verb, Optional<MailId> id, Duration lasts) throws Exception {
        var selector =
                new Selector(id.isEmpty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), id);
        var action = new Action(Commander.newId(), verb, selector, "a test", "ann", lasts, false, 1_000, 100);
        assertThat(commander.ask(action, Duration.ofSeconds(30)).isComplete()).isTrue();
    }

    private Workshop.Mail held() throws Exception {
        var mail = workshop.mail("a@one.test");
        workshop.arrives(mail);
        soon().until(() -> workshop.waiting(mail).stream().anyMatch(Waiting::isHeld));
        return mail;
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofMillis(50));
    }

    @Test
    void mailHeldForThirtyDaysStillHasItsBodyThoughKafkaCompactedWhatLayBesideIt() throws Exception {
        workshop.compactAtOnce(Topics.WAITING_BODIES);
        workshop.compactAtOnce(Topics.WAITING);
        var first = worker("first");
        ask(Verb.HOLD, Optional.empty(), MONTH);
        var gone = held();
        var kept = held();
        var body = workshop.bodies(gone);
        assertThat(body).hasSize(1);
        clock.pass(HALF);
        ask(Verb.CANCEL, Optional.of(gone.id()), MONTH);
        soon().until(() -> workshop.bodies(gone).isEmpty());
        first.kill();
        worker("second");
        clock.pass(HALF);
        soon().pollInterval(Duration.ofSeconds(1)).until(() -> {
            held(); // ends the segment before; one may come too early for the other two's
            return !workshop.everyKey(Topics.WAITING_BODIES).containsAll(body); // compacted
        });

        workers.getLast().kill();
        worker("third");
        ask(Verb.RELEASE, Optional.of(kept.id()), MONTH);
        soon().until(() -> workshop.finals(kept).equals(List.of(0)));
        assertThat(arrived.get(kept.id())).isEqualTo(body(kept));
        assertThat(arrived).doesNotContainKey(gone.id());
    }

    private static String body(Workshop.Mail mail) throws BadRecord {
        return new String(RecordCodec.decode(mail.record()).body().toBytes(), US_ASCII);
    }
}
