package io.postmesh.lab.load;

import io.postmesh.lab.load.Letters.Letter;
import io.postmesh.lab.load.Session.Answer;
import io.postmesh.lab.load.Witness.Accepted;
import io.postmesh.lab.load.Witness.Refused;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import picocli.CommandLine;

/// Sends a plan's letters over some sessions and counts the 250s.
public final class LoadGen {
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Pattern ULID = Pattern.compile("\\b[0-7][0-9A-HJKMNP-TV-Z]{25}\\b");

    private final LoadPlan plan;
    private final Letters letters;
    private final Witness witness;
    private final Optional<Ledger> ledger;
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicLong sinceStart = new AtomicLong(); // when the next message is due
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger unknown = new AtomicInteger();
    private final LongAdder octets = new LongAdder();
    private final Map<String, Integer> replies = new ConcurrentHashMap<>();
    private final Latencies latencies = new Latencies();
    private final long start = System.nanoTime();

    private LoadGen(LoadPlan plan, Witness witness) {
        this.plan = plan;
        this.letters = new Letters(plan);
        this.witness = witness;
        this.ledger = plan.ledger.map(Ledger::open);
    }

    /// As a program: see `--help`.
    public static void main(String[] args) {
        System.exit(new CommandLine(new LoadCommand()).execute(args));
    }

    public static LoadReport run(LoadPlan plan) {
        return run(plan, _ -> {});
    }

    /// Returns when every letter has its answer.
    ///
    /// @throws IllegalArgumentException when the target is not loopback and nobody said so twice
    public static LoadReport run(LoadPlan plan, Witness witness) {
        plan.checkTargets();
        return new LoadGen(plan, witness).run();
    }

    private LoadReport run() {
        var sessions = Collections.<Callable<Integer>>nCopies(Math.min(plan.sessions, plan.messages), this::session);
        // Platform threads: a blocking read is one system call, and sessions are tens, not thousands.
        try (var threads = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().daemon().name("load-", 0).factory())) {
            for (var ended : threads.invokeAll(sessions)) ended.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a session failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        var time = Duration.ofNanos(System.nanoTime() - start);
        ledger.ifPresent(LoadGen::close);
        return new LoadReport(
                accepted.get(), refused.get(), unknown.get(), octets.sum(), time, new TreeMap<>(replies), latencies);
    }

    // Gives the number of letters it dealt with.
    private int session() throws InterruptedException {
        var buffer = letters.buffer();
        int done = 0;
        try (var line = new Reconnecting(plan.servers, begun.getAndIncrement(), plan.perConnection)) {
            for (int number = next.getAndIncrement(); number < plan.messages; number = next.getAndIncrement()) {
                long due = waitUntilDue();
                deliver(number, due, line, buffer);
                done++;
            }
        }
        return done;
    }

    // Latency counts from the moment the letter was due, so a server that stalls cannot hide it by stalling us, too.
    private long waitUntilDue() throws InterruptedException {
        double rate = plan.rate.getAsDouble();
        if (rate <= 0) return System.nanoTime();
        long due = start + sinceStart.getAndAdd((long) (1e9 / rate));
        long early = due - System.nanoTime();
        if (early > 0) TimeUnit.NANOSECONDS.sleep(early);
        return due;
    }

    private void deliver(int number, long due, Reconnecting line, byte[] buffer) throws InterruptedException {
        long tries = Math.max(1, plan.patience.dividedBy(PAUSE));
        for (int attempt = 1; attempt <= tries; attempt++) {
            var letter = letters.write(number, attempt, buffer);
            if (settled(line.send(letter), letter, due)) return;
            Thread.sleep(PAUSE);
        }
        refused.incrementAndGet();
    }

    // False when the letter may be offered again: 4xx, or a connection that broke before the dot.
    private boolean settled(Answer answer, Letter letter, long due) {
        return switch (answer) {
            case Answer.Taken(var reply, var afterDot) -> {
                witness.answered(afterDot);
                taken(letter, reply, due);
                yield true;
            }
            case Answer.Refused no -> {
                count(String.valueOf(no.code()));
                if (no.afterDot()) witness.answered(no.waited());
                tell(letter, no.code(), no.reply(), no.afterDot());
                if (no.code() >= 500) refused.incrementAndGet();
                yield no.code() >= 500;
            }
            case Answer.Broken broken -> {
                count("I/O");
                tell(letter, 0, String.valueOf(broken.cause()), broken.afterDot());
                if (broken.afterDot()) unknown.incrementAndGet();
                yield broken.afterDot();
            }
        };
    }

    private void tell(Letter letter, int code, String reply, boolean afterDot) {
        witness.refused(new Refused(Instant.now(), letter.messageId(), letter.recipients(), code, reply, afterDot));
    }

    private void taken(Letter letter, String reply, long due) {
        var took = Duration.ofNanos(System.nanoTime() - due);
        latencies.add(took);
        var at = Instant.now();
        var mailId = mailId(reply);
        ledger.ifPresent(file -> note(file, at, letter, mailId));
        var print = plan.digests ? Print.of(letter) : Print.NONE;
        witness.accepted(new Accepted(
                at,
                letter.number(),
                letter.messageId(),
                letter.recipients(),
                mailId,
                took,
                print.octets(),
                print.sha256()));
        octets.add(letter.length());
        accepted.incrementAndGet();
    }

    private static void note(Ledger file, Instant at, Letter letter, String mailId) {
        try {
            for (var to : letter.recipients()) {
                file.write(at.toEpochMilli() + " " + letter.messageId() + " " + to + " " + mailId);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the ledger cannot be written", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // Our own server names the mail by a ULID; others end their reply with their queue's name for it.
    private static String mailId(String reply) {
        var ulid = ULID.matcher(reply);
        return ulid.find() ? ulid.group() : reply.substring(reply.lastIndexOf(' ') + 1);
    }

    private void count(String reply) {
        replies.merge(reply, 1, Integer::sum);
    }

    private static void close(Ledger ledger) {
        try {
            ledger.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
