package io.postmesh.ingress.space;

import io.micrometer.core.instrument.MeterRegistry;
import io.postmesh.runtime.kafka.KafkaSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks at every disk that mail is written to, and says when there is too little room for new mail.
public final class SpaceWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SpaceWatch.class);

    /// So long the last answer of somebody who has fallen silent stands.
    private static final Duration STANDS = Duration.ofMinutes(5);

    /// A Kafka that did not answer is asked again so soon.
    private static final Duration AGAIN = Duration.ofSeconds(1);

    /// So many questions in a row, each of which has its deadline, are no slow answer any more.
    private static final int SILENT = 2;

    private static final Duration STOP = Duration.ofSeconds(1);

    /// @param floor of each disk
    /// @param every how often to look, as a rule
    public record Plan(Floor floor, Duration every) {}

    private record Answer(List<Disk> disks, long at) {}

    private final Plan plan;
    private final List<Question> questions;
    private final SpaceMeters meters;
    private final Map<Question, Map<String, Answer>> answers = new HashMap<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread = Thread.ofPlatform().daemon().name("space").unstarted(this::run);
    private volatile Set<Disk> full = Set.of();
    private final AtomicInteger unheard = new AtomicInteger(); // questions to Kafka, in a row, without an answer
    private long lookedAt = System.nanoTime();
    private long above = Long.MAX_VALUE;

    SpaceWatch(Plan plan, List<Question> questions, MeterRegistry meters) {
        this.plan = plan;
        this.questions = questions;
        this.meters = new SpaceMeters(meters);
    }

    /// Has looked once when it returns, so that not even the first mail comes in on a full disk.
    ///
    /// @param blobs where large bodies are written, when that is a folder
    public static SpaceWatch open(Plan plan, KafkaSettings kafka, Optional<Path> blobs, MeterRegistry meters) {
        var questions = new ArrayList<Question>(List.of(new BrokerDisks(kafka)));
        blobs.map(FolderDisk::new).ifPresent(questions::add);
        var watch = new SpaceWatch(plan, questions, meters);
        watch.look(System.nanoTime());
        watch.thread.start();
        return watch;
    }

    /// Answers at once.
    public boolean isShort() {
        return !full.isEmpty();
    }

    /// For [io.postmesh.runtime.ops.Health].
    public Optional<String> trouble() {
        var now = full;
        if (now.isEmpty()) return Optional.empty();
        return Optional.of(now.stream().map(this::why).sorted().collect(Collectors.joining("; ")));
    }

    /// For [io.postmesh.runtime.ops.Health]: a door without mail learns here that Kafka is away.
    public Optional<String> silence() {
        int count = unheard.get();
        return count < SILENT
                ? Optional.empty()
                : Optional.of("Kafka left " + count + " questions after its brokers unanswered");
    }

    private String why(Disk disk) {
        return disk + ", and mail needs " + Disk.mebibytes(plan.floor().reopening(disk));
    }

    private void run() {
        try {
            for (var wait = plan.every(); !closing.await(wait.toNanos(), TimeUnit.NANOSECONDS); )
                wait = look(System.nanoTime());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// @return how soon to look again
    Duration look(long now) {
        for (var question : questions) ask(question, now);
        var disks = disks();
        judge(disks);
        meters.tell(disks, plan.floor());
        var next = pace(disks, now);
        return unheard.get() > 0 && next.compareTo(AGAIN) > 0 ? AGAIN : next;
    }

    // Whatever breaks in a question, the watch goes on.
    private void ask(Question question, long now) {
        var before = answers.getOrDefault(question, Map.of());
        try {
            var given = question.ask();
            var known = new HashMap<String, Answer>();
            given.disks().forEach((source, disks) -> known.put(source, new Answer(disks, now)));
            before.forEach((source, last) -> {
                if (given.silent().contains(source)) known.put(source, last);
            });
            if (!given.silent().isEmpty()) unanswered("no answer of " + given.silent());
            answers.put(question, known);
            if (question.isOfKafka()) unheard.set(0);
        } catch (IOException | RuntimeException e) {
            unanswered(e.toString());
            if (question.isOfKafka()) unheard.incrementAndGet();
        }
        answers.computeIfPresent(question, (_, known) -> standing(known, now));
    }

    private void unanswered(String why) {
        meters.failed.increment();
        log.debug("how full the disks are is not known: {}", why);
    }

    private static Map<String, Answer> standing(Map<String, Answer> known, long now) {
        return known.entrySet().stream()
                .filter(one -> now - one.getValue().at() < STANDS.toNanos())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private List<Disk> disks() {
        return answers.values().stream()
                .flatMap(known -> known.values().stream())
                .flatMap(answer -> answer.disks().stream())
                .toList();
    }

    private void judge(List<Disk> disks) {
        var before = full.stream().map(Disk::name).collect(Collectors.toSet());
        full = plan.floor().shortOf(disks, before);
        for (var disk : full) {
            if (!before.contains(disk.name()))
                log.warn(
                        "mail is refused with 452 4.3.1: {}, the floor is {} (POSTMESH_FREE_SPACE); free some or add"
                                + " disk, mail is taken again from {} on",
                        disk,
                        Disk.mebibytes(plan.floor().of(disk)),
                        Disk.mebibytes(plan.floor().reopening(disk)));
        }
        if (full.isEmpty() && !before.isEmpty()) log.info("mail is taken again: there is room on {}", before);
    }

    private Duration pace(List<Disk> disks, long now) {
        long least = disks.stream().mapToLong(plan.floor()::above).min().orElse(Long.MAX_VALUE);
        long fell = above == Long.MAX_VALUE ? 0 : above - least;
        var next = Pace.next(least, fell, Duration.ofNanos(now - lookedAt), plan.every());
        above = least;
        lookedAt = now;
        return next;
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            if (!thread.join(STOP)) thread.interrupt();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        questions.forEach(Question::close);
    }
}
