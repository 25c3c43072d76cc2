package io.postmesh.delivery.smtp;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postmesh.contract.Recipient;
import io.postmesh.delivery.outcome.Checkpoints;
import io.postmesh.delivery.outcome.Job;
import io.postmesh.delivery.outcome.Report;
import io.postmesh.delivery.outcome.Verdict;
import io.postmesh.delivery.plan.Egress;
import io.postmesh.delivery.plan.Providers;
import io.postmesh.delivery.plan.RelayHost;
import io.postmesh.runtime.settings.HostPort;
import io.postmesh.runtime.settings.Secret;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// A carrier on the bench, with short patience: `Bench.relayTo(sink.port()).tls(TlsLevel.NONE).open()`.
final class Bench implements AutoCloseable {
    static final Vertx VERTX = Vertx.vertx();
    static final SimpleMeterRegistry METERS = new SimpleMeterRegistry();
    static final Checkpoints GO = new Checkpoints() {
        @Override
        public boolean mayStart() {
            return true;
        }

        @Override
        public boolean mayFinish() {
            return true;
        }
    };

    final Carrier carrier;

    private Bench(Carrier carrier) {
        this.carrier = carrier;
    }

    /// What may differ from one test to the next.
    static final class Setup {
        private int port = 25;
        private Egress egress = Egress.LOOPBACK;
        private List<HostPort> dns = List.of(new HostPort("127.0.0.1", 9));
        private Optional<CarrierConfig.Relay> relay = Optional.empty();
        private TlsLevel tls = TlsLevel.MAY;
        private Optional<String> caFile = Optional.empty();
        private int mails = 100;
        private Duration patience = Duration.ofSeconds(30); // a busy machine is no fault of the remote
        private Duration idle = Duration.ofSeconds(30);

        private MeterRegistry meters = METERS;

        Setup meters(MeterRegistry own) {
            meters = own;
            return this;
        }

        Setup port(int number) {
            port = number;
            return this;
        }

        Setup egress(Egress rule) {
            egress = rule;
            return this;
        }

        Setup dns(int serverPort) {
            dns = List.of(new HostPort("127.0.0.1", serverPort));
            return this;
        }

        Setup relay(String hops) {
            relay = Optional.of(new CarrierConfig.Relay(RelayHost.parseList(hops), Optional.empty()));
            return this;
        }

        Setup login(String user, String password) {
            var credentials = new Credentials(user, new Secret(password));
            relay = relay.map(r -> new CarrierConfig.Relay(r.hops(), Optional.of(credentials)));
            return this;
        }

        Setup tls(TlsLevel level) {
            tls = level;
            return this;
        }

        Setup caFile(String file) {
            caFile = Optional.of(file);
            return this;
        }

        Setup mails(int perConnection) {
            mails = perConnection;
            return this;
        }

        Setup patience(Duration each) {
            patience = each;
            return this;
        }

        Setup idle(Duration time) {
            idle = time;
            return this;
        }

        Bench open() {
            var p = patience;
            var providers = Providers.parse("lab=lab.test");
            var timeouts = new Timeouts(p, p, p, p, p, p, p, p, p, p, p, idle);
            return new Bench(Carrier.open(
                    VERTX,
                    new CarrierConfig(
                            "mx.postmesh.test", port, egress, dns, relay, tls, caFile, mails, timeouts, providers),
                    meters));
        }
    }

    static Setup relayTo(int port) {
        return new Setup().relay("[127.0.0.1]:" + port);
    }

    static Setup direct() {
        return new Setup();
    }

    /// Carries on a virtual thread, as the owner does.
    Report carry(Letters letters) {
        return carry(letters.relayed().job(), GO);
    }

    Report carry(Job job, Checkpoints checkpoints) {
        var report = new CompletableFuture<Report>();
        Thread.ofVirtual().start(() -> {
            try {
                report.complete(carrier.carry(job, checkpoints));
            } catch (Throwable t) {
                report.completeExceptionally(t);
            }
        });
        return report.orTimeout(60, TimeUnit.SECONDS).join();
    }

    /// Many at once.
    List<Report> carryAll(List<Job> jobs) {
        List<Future<Report>> running;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            running = jobs.stream()
                    .map(job -> threads.submit(() -> carrier.carry(job, GO)))
                    .toList();
        }
        return running.stream().map(Future::resultNow).toList();
    }

    static Verdict of(Report report, int position) {
        return report.results().stream()
                .filter(result -> result.recipient().position() == position)
                .findFirst()
                .orElseThrow()
                .verdict();
    }

    static Verdict only(Report report) {
        if (report.results().size() != 1) throw new AssertionError("not one result: " + report);
        return report.results().getFirst().verdict();
    }

    static List<Integer> positions(Report report) {
        return report.results().stream()
                .map(r -> r.recipient())
                .map(Recipient::position)
                .sorted()
                .toList();
    }

    @Override
    public void close() {
        carrier.close();
    }
}
