package io.postmesh.lab.load;

import io.postmesh.lab.load.Letters.Letter;
import io.postmesh.lab.load.Session.Answer;
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
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import picocli.CommandLine;

/// Sends a plan's letters over some sessions and counts the 250s.
public final class LoadGen {
    private static final int TRIES = 50; // a server that pushes back for longer than this has refused
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Pattern ULID = Pattern.compile("\\b[0-7][0-9A-HJKMNP-TV-Z]{25}\\b");

    /// One 250: the moment it was read, for which letter, and what the server called it.
    public record Accepted(Instant at, int number, String messageId, String[] recipients, String mailId) {}

    private final LoadPlan plan;
    private final Consumer<Accepted> listener;
    private final Optional<Ledger> ledger;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger unknown = new AtomicInteger();
    private final LongAdder octets = new LongAdder();
    private final Map<String, Integer> replies = new ConcurrentHashMap<>();
    private final Latencies latencies = new Latencies();
    private final long start = System.nanoTime();

    private LoadGen(LoadPlan plan, Consumer<Accepted> listener) {
        this.plan = plan;
        this.listener = listener;
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
    /// @param listener hears of every 250 on the thread of its session, after the ledger has it
    /// @throws IllegalArgumentException when the target is not loopback and nobody said so twice
    public static LoadReport run(LoadPlan plan, Consumer<Accepted> listener) {
        plan.checkTarget();
        return new LoadGen(plan, listener).run();
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
        var letters = new Letters(plan);
        var buffer = new byte[letters.longest()];
        int done = 0;
        try (var line = new Reconnecting(plan.server, plan.perConnection)) {
            for (int number = next.getAndIncrement(); number < plan.messages; number = next.getAndIncrement()) {
                long due = waitUntilDue(number);
                deliver(letters.write(number, buffer), due, line);
                done++;
            }
        }
        return done;
    }

    // Latency counts from the moment the letter was due, so a server that stalls cannot hide it by stalling us, too.
    private long waitUntilDue(int number) throws InterruptedException {
        if (plan.rate <= 0) return System.nanoTime();
        long due = start + (long) (number / plan.rate * 1e9);
        long early = due - System.nanoTime();
        if (early > 0) TimeUnit.NANOSECONDS.sleep(early);
        return due;
    }

    private void deliver(Letter letter, long due, Reconnecting line) throws InterruptedException {
        for (int attempt = 1; attempt <= TRIES; attempt++) {
            if (settled(line.send(letter), letter, due)) return;
            Thread.sleep(PAUSE);
        }
        refused.incrementAndGet();
    }

    // False when the letter may be offered again: 4xx, or a connection that broke before the dot.
    private boolean settled(Answer answer, Letter letter, long due) {
        return switch (answer) {
            case Answer.Taken(var reply) -> {
                taken(letter, reply, due);
                yield true;
            }
            case Answer.Refused no -> {
                count(String.valueOf(no.code()));
                if (no.code() >= 500) refused.incrementAndGet();
                yield no.code() >= 500;
            }
            case Answer.Broken broken -> {
                count("I/O");
                if (broken.afterDot()) unknown.incrementAndGet();
                yield broken.afterDot();
            }
        };
    }

    private void taken(Letter letter, String reply, long due) {
        latencies.add(Duration.ofNanos(System.nanoTime() - due));
        var at = Instant.now();
        var mailId = mailId(reply);
        ledger.ifPresent(file -> note(file, at, letter, mailId));
        listener.accept(new Accepted(at, letter.number(), letter.messageId(), letter.recipients(), mailId));
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
