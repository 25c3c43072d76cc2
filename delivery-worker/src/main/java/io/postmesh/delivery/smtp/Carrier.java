package io.postmesh.delivery.smtp;

import io.micrometer.core.instrument.MeterRegistry;
import io.postmesh.contract.Reason;
import io.postmesh.contract.Recipient;
import io.postmesh.contract.Route;
import io.postmesh.delivery.dns.HostFinder;
import io.postmesh.delivery.outcome.Checkpoints;
import io.postmesh.delivery.outcome.Courier;
import io.postmesh.delivery.outcome.Job;
import io.postmesh.delivery.outcome.Report;
import io.postmesh.delivery.outcome.Result;
import io.postmesh.delivery.outcome.Scope;
import io.postmesh.delivery.outcome.Tally;
import io.postmesh.delivery.outcome.Verdict;
import io.postmesh.delivery.plan.Plan;
import io.postmesh.delivery.plan.Planner;
import io.postmesh.delivery.plan.Providers;
import io.postmesh.mail.Domain;
import io.vertx.core.Vertx;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds the hosts, talks to them one after the other, reports per recipient.
public final class Carrier implements Courier, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Carrier.class);
    private static final long SWEEP_MILLIS = 100; // how late a deadline may be noticed

    private final CarrierConfig config;
    private final CarrierMeters meters;
    private final Vertx vertx;
    private final HostFinder finder;
    private final OwnAddresses own;
    private final Connector connector;
    private final Greeter greeter;
    private final Pool pool;
    private final long sweeper;

    /// @param vertx whose event loops carry the sockets; it stays the caller's
    public static Carrier open(Vertx vertx, CarrierConfig config, MeterRegistry meters) {
        return new Carrier(vertx, config, new CarrierMeters(meters, config.providers()));
    }

    private Carrier(Vertx vertx, CarrierConfig config, CarrierMeters meters) {
        this.config = config;
        this.meters = meters;
        this.vertx = vertx;
        var servers = config.dnsServers().stream()
                .map(server -> new InetSocketAddress(server.host(), server.port()))
                .toList();
        finder = HostFinder.open(servers, () -> ThreadLocalRandom.current().nextLong());
        own = new OwnAddresses();
        connector = new Connector(vertx, config.egress(), own, config.timeouts(), meters);
        var credentials = config.relay().flatMap(CarrierConfig.Relay::credentials);
        greeter = new Greeter(
                connector, config.hello(), TlsOptions.of(config.tls(), config.caFile()), credentials, meters);
        pool = new Pool(config.mailsPerConnection(), config.timeouts().idle());
        if (credentials.isPresent() && !config.tls().isVerified()) {
            log.warn(
                    "the relay's password is sent to whoever answers: POSTFIX_smtp_tls_security_level=secure asks who");
        }
        sweeper = vertx.setPeriodic(SWEEP_MILLIS, _ -> sweep(System.nanoTime()));
    }

    /// Closes connections without work to this destination: others have a right to them, once the remote has seen them
    /// off. Waits for that, for as long as a QUIT may take.
    ///
    /// @param relayed to the relay, whatever the destination is called
    public void letGo(String destination, boolean relayed) {
        pool.letGo(host -> relayed ? host.relay() : host.nextHop().equals(destination));
    }

    private void sweep(long now) {
        connector.sweep(now);
        pool.sweep(now);
    }

    @Override
    public Report carry(Job job, Checkpoints checkpoints) {
        var results = new ArrayList<Result>(job.recipients().size());
        var met = new Trip.Met();
        destinations(job).forEach((domain, recipients) -> {
            var tally = new Tally(recipients);
            var provider = carry(job, domain, new Trip(greeter, pool, job, checkpoints, tally, met), tally);
            meters.attempted(provider, tally.results());
            results.addAll(tally.results());
        });
        return new Report(results, met.remote(), met.tls());
    }

    /// @return whose hosts were tried
    private String carry(Job job, Domain domain, Trip trip, Tally tally) {
        var provider = Providers.OTHER;
        try {
            var plan = plan(job, domain);
            provider = config.providers().of(plan);
            trip.follow(plan, provider);
        } catch (RuntimeException e) {
            log.error("{} the carrier failed reason=INTERNAL", job.envelope().id(), e);
            tally.settleOpen(new Verdict.Deferred(Reason.INTERNAL, Optional.empty(), Scope.MESSAGE));
        }
        return provider;
    }

    // The route is resolved anew at each attempt (LEDGER L3): mail for a relay that is configured no more goes by MX,
    // where its recipients may part.
    private Map<Domain, List<Recipient>> destinations(Job job) {
        var groups = new LinkedHashMap<Domain, List<Recipient>>();
        var first = job.recipients().getFirst().address().domain();
        for (var to : job.recipients()) {
            var domain = relayOf(job).isPresent() ? first : to.address().domain();
            groups.computeIfAbsent(domain, _ -> new ArrayList<>()).add(to);
        }
        return groups;
    }

    private Optional<CarrierConfig.Relay> relayOf(Job job) {
        var route = job.envelope().clearance().map(cleared -> cleared.route()).orElse(Route.MX);
        return switch (route) {
            case Route.Mx() -> Optional.empty();
            case Route.Relay _ -> config.relay();
        };
    }

    private Plan plan(Job job, Domain domain) {
        var planner = new Planner(config.egress(), config.port(), own.get());
        return relayOf(job)
                .map(relay -> finder.relay(relay.hops(), planner))
                .orElseGet(() -> finder.direct(domain, planner));
    }

    /// Takes leave of all remotes. Attempts still running end as their deadlines, or their threads' interrupts, have
    /// it.
    @Override
    public void close() {
        vertx.cancelTimer(sweeper);
        pool.close();
    }
}
