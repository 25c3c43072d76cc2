package io.postmesh.delivery.smtp;

import io.postmesh.contract.Reason;
import io.postmesh.delivery.outcome.Checkpoints;
import io.postmesh.delivery.outcome.Job;
import io.postmesh.delivery.outcome.Scope;
import io.postmesh.delivery.outcome.Step;
import io.postmesh.delivery.outcome.Tally;
import io.postmesh.delivery.outcome.Verdict;
import io.postmesh.delivery.outcome.Witness;
import io.postmesh.delivery.plan.Host;
import io.postmesh.delivery.plan.Plan;
import io.postmesh.runtime.log.Fact;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One attempt on its way from host to host, until every recipient is settled or no host is left.
final class Trip {
    private static final Logger log = LoggerFactory.getLogger(Trip.class);

    private final Greeter greeter;
    private final Pool pool;
    private final Job job;
    private final Checkpoints checkpoints;
    private final Tally tally;
    private final Met met;

    /// What is asked once in an attempt, however many names a stranger gave it.
    private record Door(String nextHop, InetAddress address, int port) {
        static Door of(Host host) {
            return new Door(host.nextHop(), host.address(), host.port());
        }
    }

    /// Who answered last.
    static final class Met {
        private String remote = "";
        private String tls = "";

        String remote() {
            return remote;
        }

        String tls() {
            return tls;
        }

        private void with(Host host, String cipher) {
            remote = host.toString();
            tls = cipher;
        }
    }

    Trip(Greeter greeter, Pool pool, Job job, Checkpoints checkpoints, Tally tally, Met met) {
        this.greeter = greeter;
        this.pool = pool;
        this.job = job;
        this.checkpoints = checkpoints;
        this.tally = tally;
        this.met = met;
    }

    /// @param provider whose hosts they are
    void follow(Plan plan, String provider) {
        checkpoints.bound(provider);
        switch (plan) {
            case Plan.Never(var reason) -> tally.settleOpen(new Verdict.Failed(reason, Optional.empty(), Scope.SITE));
            case Plan.Later(var reason) -> tally.settleOpen(new Verdict.Deferred(reason, Optional.empty(), Scope.SITE));
            case Plan.Try(var hosts) -> visit(hosts);
        }
    }

    private void visit(List<Host> hosts) {
        int best = hosts.getFirst().rank();
        var asked = new HashSet<Door>();
        // Among equals, the one we already talk to.
        pool.take(hosts.stream().filter(host -> host.rank() == best).toList()).ifPresent(session -> {
            session.connection().tell(checkpoints);
            checkpoints.connected(session.host().name(), session.host().port(), true);
            if (move(session)) asked.add(Door.of(session.host()));
        });
        for (var host : hosts) {
            if (tally.isComplete()) return;
            if (!asked.add(Door.of(host))) continue;
            try {
                move(greeter.greet(host, checkpoints));
            } catch (Setback setback) {
                if (setback.step() != Step.CONNECT) met.with(host, "");
                note(host, setback);
            }
        }
    }

    /// @return false when a kept session turned out to be gone before it heard of the mail: nobody's fault, and the
    /// same
    ///     host is asked again on a new connection
    private boolean move(Session session) {
        var transaction = new Transaction(session, job, tally, checkpoints, greeter.meters());
        try {
            transaction.run();
            met.with(session.host(), session.tls());
            session.connection().tell(Witness.NOBODY); // it may rest for long
            pool.give(session);
        } catch (Setback setback) {
            if (session.isReused() && !transaction.wasHeard()) return false;
            met.with(session.host(), session.tls());
            note(session.host(), setback);
        } catch (RuntimeException e) {
            session.connection().drop();
            throw e;
        }
        return true;
    }

    private void note(Host host, Setback setback) {
        if (Thread.currentThread().isInterrupted()) {
            tally.settleOpen(new Verdict.NotSent(Reason.SHUTDOWN));
            return;
        }
        var reason = setback.verdict().reason();
        checkpoints.brokeOff(setback.step(), reason);
        Fact.of(log.atInfo(), job.envelope().id(), "setback", host + " " + setback.getMessage())
                .quoted("reply", setback.reply())
                .with("reason", reason.toString())
                .field("remote", host.toString())
                .field("attempt", job.attempt())
                .say();
        tally.setback(setback.verdict());
    }
}
