package io.postmesh.delivery.owner;

import io.postmesh.contract.Reason;
import io.postmesh.contract.Recipient;
import io.postmesh.delivery.outcome.Checkpoints;
import io.postmesh.delivery.outcome.Courier;
import io.postmesh.delivery.outcome.Job;
import io.postmesh.delivery.outcome.Report;
import io.postmesh.delivery.outcome.Result;
import io.postmesh.delivery.outcome.Scope;
import io.postmesh.delivery.outcome.Verdict;
import io.postmesh.mail.MailId;
import io.postmesh.mail.SmtpReply;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// Hosts that keep several workers waiting, each conversation remembered with its worker.
///
/// The first conversation about a mail to `talk-…` stands before its dot, to `dot-…` and `dotlater-…` after it, until
/// the test lets them go; `dotlater-…` is then put off, `dotnever-…` always is. The first two with `crash-…`, the
/// first three with `unlucky-…` and the first four with `killer-…` never end; nor do those with `unready-…`, which do
/// not come to their dot. All others, and all later ones, are
/// served at once; `later-…` is put off
/// once,
/// and so is `laterdot-…`, which stands after its dot the second time.
final class Abroad {
    /// @param steps `start`, `dot` and how the conversation ended
    record Talk(String worker, MailId id, int number, Instant at, List<String> steps) {
        boolean isPastItsDot() {
            return steps.contains("dot");
        }
    }

    final List<Talk> talks = new CopyOnWriteArrayList<>();
    final CountDownLatch talkers = new CountDownLatch(1);
    final CountDownLatch dots = new CountDownLatch(1);
    final AtomicInteger most = new AtomicInteger(); // conversations at once while a crash went on
    private final AtomicInteger now = new AtomicInteger();
    private final AtomicInteger crashing = new AtomicInteger();
    private final Map<MailId, AtomicInteger> numbers = new ConcurrentHashMap<>();

    Courier of(String worker) {
        return (job, checkpoints) -> {
            int many = now.incrementAndGet();
            if (crashing.get() > 0) most.accumulateAndGet(many, Math::max);
            try {
                return carry(worker, job, checkpoints);
            } finally {
                now.decrementAndGet();
            }
        };
    }

    List<Talk> about(Workshop.Mail mail) {
        return talks.stream().filter(talk -> talk.id().equals(mail.id())).toList();
    }

    long dots(Workshop.Mail mail) {
        return about(mail).stream().filter(Talk::isPastItsDot).count();
    }

    private Report carry(String worker, Job job, Checkpoints checkpoints) {
        if (!checkpoints.mayStart()) return all(job, new Verdict.NotSent(Reason.SHUTDOWN));
        var id = job.envelope().id();
        int number = numbers.computeIfAbsent(id, _ -> new AtomicInteger()).incrementAndGet();
        var talk = new Talk(worker, id, number, Instant.now(), new CopyOnWriteArrayList<>(List.of("start")));
        talks.add(talk);
        try {
            return converse(talk, job, checkpoints);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return all(job, new Verdict.NotSent(Reason.SHUTDOWN));
        } finally {
            talk.steps().add("over");
        }
    }

    private Report converse(Talk talk, Job job, Checkpoints checkpoints) throws InterruptedException {
        var local = job.recipients().getFirst().address().text();
        boolean first = talk.number() == 1;
        if (first && local.startsWith("talk-")) talkers.await();
        if (local.startsWith("unready-")) crash();
        if (!checkpoints.mayFinish()) return all(job, new Verdict.NotSent(Reason.SHUTDOWN));
        talk.steps().add("dot");
        if (first && local.startsWith("dot")) dots.await();
        if (talk.number() == 2 && local.startsWith("laterdot-")) dots.await();
        if (local.startsWith("crash-") && talk.number() <= 2
                || local.startsWith("unlucky-") && talk.number() <= 3
                || local.startsWith("killer-") && talk.number() <= 4) {
            crash();
        }
        boolean later = Stream.of("dotlater-", "later-", "laterdot-").anyMatch(local::startsWith);
        boolean never = local.startsWith("dotnever-");
        return all(job, never || first && later ? LATER : new Verdict.Delivered(SmtpReply.of(250, "2.0.0 taken")));
    }

    private void crash() throws InterruptedException {
        crashing.incrementAndGet();
        most.set(now.get());
        try {
            new CountDownLatch(1).await(); // until the test ends the worker
        } finally {
            crashing.decrementAndGet();
        }
    }

    private static final Verdict LATER =
            new Verdict.Deferred(Reason.GREYLISTED, Optional.of(SmtpReply.of(450, "4.7.1 later")), Scope.RECIPIENT);

    private static Report all(Job job, Verdict verdict) {
        List<Recipient> to = job.recipients();
        return new Report(to.stream().map(one -> new Result(one, verdict)).toList(), "mx.one.test[192.0.2.1]:25", "");
    }
}
