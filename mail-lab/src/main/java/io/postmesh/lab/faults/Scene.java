package io.postmesh.lab.faults;

import io.postmesh.lab.cluster.Cluster;
import io.postmesh.lab.cluster.Member;
import io.postmesh.lab.cluster.ServiceName;
import io.postmesh.lab.load.Witness.Accepted;
import io.postmesh.lab.load.Witness.Refused;
import io.postmesh.lab.sink.SmtpSink;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Where a row acts: the mesh while mail comes in, and what has come of it so far.
public final class Scene {
    /// For what is measured, and no gate.
    public static final Duration NO_LIMIT = Duration.ofDays(1);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(5);
    private static final Duration LONGEST_LOAD = Duration.ofHours(2);
    private static final Duration STALLED = Duration.ofMinutes(5);

    private final Mesh mesh;
    private final Driver driver;
    private final Harvest harvest;
    private final Workload workload;
    private final int faults;
    private final RandomGenerator dice;
    private final Instant begun = Instant.now();
    private final Notebook book = new Notebook();
    private final Map<String, String> environment = new HashMap<>();

    /// Something that is done to the mesh.
    @FunctionalInterface
    public interface Deed {
        void run() throws Exception;
    }

    /// The n-th fault, from 1 on.
    @FunctionalInterface
    public interface Step {
        void run(int number) throws Exception;
    }

    Scene(Mesh mesh, Driver driver, Harvest harvest, Workload workload, int faults) {
        this.mesh = mesh;
        this.driver = driver;
        this.harvest = harvest;
        this.workload = workload;
        this.faults = faults;
        dice = RandomGeneratorFactory.of("SplittableRandom").create(workload.seed());
    }

    public Mesh mesh() {
        return mesh;
    }

    public Cluster cluster() {
        return mesh.cluster();
    }

    public SmtpSink sink() {
        return mesh.sink();
    }

    /// For what is done and measured.
    public Notebook book() {
        return book;
    }

    public Workload workload() {
        return workload;
    }

    /// The same for the same seed.
    public RandomGenerator dice() {
        return dice;
    }

    /// How many faults this run has: fewer than the row's in a shortened run.
    public int faults() {
        return faults;
    }

    /// Messages that were answered 250 so far.
    public int taken() {
        return driver.taken();
    }

    /// Deliveries the sink has not answered yet.
    public int inFlight() {
        return harvest.open();
    }

    /// Promised recipients who are delivered or reported so far.
    public int settled() {
        int settled = 0;
        for (var mail : driver.accepted())
            for (var to : mail.recipients()) if (harvest.has(mail.messageId(), mail.mailId(), to)) settled++;
        return settled;
    }

    /// Whether all are whose mail was taken before that moment.
    public boolean isSettled(Instant takenBefore) {
        return driver.accepted().stream()
                .filter(mail -> mail.at().isBefore(takenBefore))
                .allMatch(mail -> Arrays.stream(mail.recipients())
                        .allMatch(to -> harvest.has(mail.messageId(), mail.mailId(), to)));
    }

    /// When each mail to this domain was taken, once for each recipient.
    public List<Instant> promisedTo(String domain) {
        return driver.accepted().stream()
                .flatMap(mail -> Arrays.stream(mail.recipients())
                        .filter(to -> to.endsWith("@" + domain))
                        .map(_ -> mail.at()))
                .toList();
    }

    /// Whether all promised recipients are.
    public boolean isDrained() {
        return driver.isOver() && settled() == promised();
    }

    /// Recipients of the mail that was answered 250.
    public int promised() {
        return driver.accepted().stream()
                .mapToInt(mail -> mail.recipients().length)
                .sum();
    }

    /// How often the least asked for of these names was looked up.
    public int askedFor(List<String> names) {
        return names.stream().mapToInt(mesh.dns()::questionsFor).min().orElse(0);
    }

    /// Copies the sink has taken.
    public int delivered() {
        return harvest.count();
    }

    /// The longest time from a dot to its reply so far.
    public Duration longestAnswer() {
        return driver.longestAnswer();
    }

    /// Replies that begin so.
    public int refusals(String code) {
        return (int) driver.refused().stream()
                .filter(no -> no.reply().startsWith(code))
                .count();
    }

    /// 250s that were read between the two.
    public int takenBetween(Instant from, Instant until) {
        return (int) driver.accepted().stream()
                .filter(mail -> !mail.at().isBefore(from) && mail.at().isBefore(until))
                .count();
    }

    /// How late letters were taken that were due between the two, each counted from when it was due: who stalls the
    /// driver cannot hide it so. Shortest first; letters not taken yet are not among them.
    public List<Duration> delays(Instant from, Instant until) {
        return driver.accepted().stream()
                .filter(mail -> !due(mail).isBefore(from) && due(mail).isBefore(until))
                .map(Accepted::took)
                .sorted()
                .toList();
    }

    private static Instant due(Accepted mail) {
        return mail.at().minus(mail.took());
    }

    public Instant begun() {
        return begun;
    }

    public boolean loadIsOver() {
        return driver.isOver();
    }

    /// Spreads the faults over the load: each comes at a random place within its share of the messages, so
    /// they meet mail whatever the speed. What is left when the load is over is left out.
    public void spread(Step step) throws Exception {
        for (int number = 1; number <= faults; number++) {
            driver.slowDownFrom((int) ((number + 0.5) / faults * workload.messages()));
            double share = (number - 1 + 0.1 + 0.8 * dice.nextDouble()) / faults;
            int goal = (int) (share * workload.messages());
            comesTrue(() -> driver.taken() >= goal || driver.isOver(), LONGEST_LOAD);
            if (driver.isOver()) {
                book.note("only " + (number - 1) + " of " + faults + " faults fell into the load");
                return;
            }
            step.run(number);
        }
        driver.slowDownFrom(workload.messages());
    }

    /// The faults one after the other, so long apart, until the load is over.
    public void repeat(Duration between, Step step) throws Exception {
        for (int number = 1; number <= faults; number++) {
            driver.slowDownFrom((int) ((double) number / faults * workload.messages()));
            if (comesTrue(driver::isOver, between)) return;
            step.run(number);
        }
        driver.slowDownFrom(workload.messages());
    }

    /// Waits for a fact.
    ///
    /// @throws IOException when nothing changes for minutes
    public void awaitThat(BooleanSupplier fact) throws IOException {
        if (!comesTrue(fact, STALLED)) throw new IOException("nothing moved for " + STALLED.toMinutes() + " minutes");
    }

    /// Whether it came true in that time.
    public boolean comesTrue(BooleanSupplier fact, Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!fact.getAsBoolean()) {
            if (System.nanoTime() > deadline) return false;
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
        return true;
    }

    /// Lets a fault last.
    public void lasting(Duration time) {
        comesTrue(() -> false, time);
    }

    /// A copy of this service that runs, by chance.
    public Member pick(ServiceName service) {
        var running =
                cluster().copies(service).stream().filter(Member::isRunning).toList();
        if (running.isEmpty()) throw new IllegalStateException("no " + service + " is running");
        return running.get(dice.nextInt(running.size()));
    }

    /// Goes on when so much of the load, 0 to 1, is taken.
    public void awaitShare(double share) {
        int goal = (int) (share * workload.messages());
        comesTrue(() -> driver.taken() >= goal || driver.isOver(), NO_LIMIT);
    }

    /// Does it and writes it down with its time: what is in flight meanwhile may come twice.
    public void fault(String what, Deed deed) throws Exception {
        var from = Instant.now();
        try {
            deed.run();
        } finally {
            book.done(new Injection(what, from, Instant.now()));
        }
    }

    /// SIGKILL, and a new life at once. Returns when it is ready; how long that took is measured.
    public void killAndStart(Member victim, Duration readyWithin) throws Exception {
        fault("kill -9 " + victim.name(), victim::kill);
        startAgain(victim, readyWithin);
    }

    /// All of them lose their power at once, and with it what they had not fsynced. They stay dead.
    public void cutPower(List<Member> victims) throws Exception {
        var names = victims.stream().map(Member::name).toList();
        fault("power cut of " + String.join(", ", names), () -> {
            for (var victim : victims) victim.kill();
            cluster().endOrphans();
            mesh.disks().cut(victims.stream().map(Mesh::home).toList());
        });
    }

    /// A message of the row's own that was answered 250: it is promised as all others are.
    public void promised(Accepted mail) {
        driver.accepted(mail);
    }

    /// A message of the row's own that was not.
    public void refused(Refused refusal) {
        driver.refused(refusal);
    }

    public void startAgain(Member victim, Duration readyWithin) throws Exception {
        var begun = Instant.now();
        start(victim);
        int more = Mesh.awaitReady(victim, environment);
        if (more > 0) book.note(victim.name() + " was started " + more + " times more");
        book.measured("ready again", Duration.between(begun, Instant.now()), readyWithin);
    }

    /// Returns at once.
    public void start(Member member) throws IOException {
        member.start(environment);
    }

    /// From now on whoever starts sees these, too: another clock, say.
    public void environment(Map<String, String> more) {
        environment.putAll(more);
    }

    Map<String, String> environment() {
        return Map.copyOf(environment);
    }
}
