package io.postmesh.delivery.owner;

import io.postmesh.contract.Reason;
import io.postmesh.contract.Recipient;
import io.postmesh.delivery.outcome.Checkpoints;
import io.postmesh.delivery.outcome.Courier;
import io.postmesh.delivery.outcome.Job;
import io.postmesh.delivery.outcome.Report;
import io.postmesh.delivery.outcome.Result;
import io.postmesh.delivery.outcome.Scope;
import io.postmesh.delivery.outcome.Step;
import io.postmesh.delivery.outcome.Verdict;
import io.postmesh.delivery.plan.Providers;
import io.postmesh.mail.MailId;
import io.postmesh.mail.SmtpReply;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/// All hosts of the world, outliving every worker: `no-…` is refused, `later-…` is put off once, `slow-…` is kept
/// waiting until the test lets it go, the rest is taken.
final class Remotes implements Courier {
    private final Map<String, Integer> dots = new ConcurrentHashMap<>();

    /// How far conversations came: `start?`, `started`, `dot?`, `dot`.
    final Queue<String> steps = new ConcurrentLinkedQueue<>();

    /// How often a recipient's mail went out to its dot.
    int dots(MailId id, int position) {
        return dots.getOrDefault(id + "/" + position, 0);
    }

    /// What slow hosts wait for.
    final CountDownLatch patience = new CountDownLatch(1);

    @Override
    public Report carry(Job job, Checkpoints checkpoints) {
        checkpoints.bound(Providers.OTHER);
        steps.add("start?");
        if (!checkpoints.mayStart() || !isServed(job)) return notSent(job);
        steps.add("started");
        steps.add("dot?");
        if (!checkpoints.mayFinish()) return notSent(job);
        steps.add("dot");
        checkpoints.heard(Step.CONTENT, 250);
        var results = job.recipients().stream()
                .map(to -> new Result(to, verdict(job.envelope().id(), to)))
                .toList();
        return new Report(results, "mx.one.test[192.0.2.1]:25", "");
    }

    private boolean isServed(Job job) {
        if (!job.recipients().getFirst().address().text().startsWith("slow-")) return true;
        try {
            patience.await();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Report notSent(Job job) {
        var results = job.recipients().stream()
                .map(to -> new Result(to, new Verdict.NotSent(Reason.SHUTDOWN)))
                .toList();
        return new Report(results, "", "");
    }

    private Verdict verdict(MailId id, Recipient to) {
        int times = dots.merge(id + "/" + to.position(), 1, Integer::sum);
        var local = to.address().text();
        if (local.startsWith("no-")) {
            return new Verdict.Failed(Reason.REFUSED, Optional.of(SmtpReply.of(550, "5.1.1 no")), Scope.RECIPIENT);
        }
        if (local.startsWith("later-") && times == 1) {
            return new Verdict.Deferred(
                    Reason.GREYLISTED, Optional.of(SmtpReply.of(450, "4.7.1 later")), Scope.RECIPIENT);
        }
        return new Verdict.Delivered(SmtpReply.of(250, "2.0.0 taken"));
    }
}
