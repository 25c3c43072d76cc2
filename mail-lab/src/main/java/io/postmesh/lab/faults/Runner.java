package io.postmesh.lab.faults;

import io.postmesh.lab.Folders;
import io.postmesh.lab.load.Witness.Accepted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// Runs a row: load and faults side by side, then everybody is healed, the mail drains, and what came is
/// judged.
final class Runner {
    private static final Duration DRAIN = Duration.ofMinutes(10);
    private static final Duration SETTLE = Duration.ofMinutes(2);

    private static final int SHORTER = 4; // so many times fewer faults

    private final Options options;
    private final Meshes meshes;

    /// @param folder  for the raw ledgers, one folder below it for each row and seed
    /// @param full    the workload that was asked for
    /// @param shorter faults are fewer: CI
    record Options(Path folder, Workload full, boolean shorter) {}

    Runner(Options options, Meshes meshes) {
        this.options = options;
        this.meshes = meshes;
    }

    Result run(Row row) {
        var begun = Instant.now();
        try {
            Signatures.check();
            var mesh = meshes.open(row.mesh());
            return run(row, mesh, Instant.now());
        } catch (CannotRun e) {
            return new Result(
                    row.id(), seed(), Optional.empty(), since(begun), new Result.End.NotRun(e.getMessage()), List.of());
        } catch (Exception e) { // whatever went wrong, the other rows are run
            meshes.spoilt();
            return new Result(
                    row.id(),
                    seed(),
                    Optional.empty(),
                    since(begun),
                    new Result.End.Broke(String.valueOf(e)),
                    List.of());
        }
    }

    private Result run(Row row, Mesh mesh, Instant begun) throws Exception {
        var folder = emptied(options.folder().resolve(row.id() + "-" + seed()));
        int faults = options.shorter() ? Math.max(row.fewest(), (row.faults() + SHORTER - 1) / SHORTER) : row.faults();
        var workload = row.shape(options.full()).atMost(rate(row, faults));
        row.prepare(mesh);
        var harvest = Harvest.of(mesh.sink(), folder.resolve("mail"));
        var driver = Driver.start(workload, mesh.cluster().doors(), folder.resolve("acknowledged.txt"));
        var scene = new Scene(mesh, driver, harvest, workload, faults);
        try {
            row.inject(scene);
            driver.await();
        } finally {
            driver.stop();
            mesh.calm();
        }
        mesh.heal(scene.environment());
        drain(driver, harvest);
        var audit = settled(mesh, scene);
        var evidence = evidence(mesh, driver, harvest, scene, folder);
        var verdict = Judge.judge(evidence);
        new RawLedger(folder).write(scene, driver, harvest, audit, verdict);
        row.judge(evidence).forEach(wrong -> scene.book().check(wrong, false));
        row.audited(audit.since(mesh.audited())).forEach(wrong -> scene.book().check(wrong, false));
        var bars = missed(row, verdict, scene, mesh.audited(), audit);
        tooMany(verdict, evidence, scene, audit.inDoubt() - mesh.audited().inDoubt())
                .ifPresent(bars::add);
        mesh.audited(audit);
        var notes = notes(verdict, scene, workload);
        var late = late(row, verdict, scene);
        var end = bars.isEmpty() && late.isEmpty() ? new Result.End.Passed() : new Result.End.Missed(bars, late);
        var result = new Result(row.id(), seed(), Optional.of(verdict), since(begun), end, notes);
        if (result.end() instanceof Result.End.Passed) Folders.delete(folder.resolve("mail"));
        return result;
    }

    private double rate(Row row, int faults) {
        return options.full().messages() / (double) (faults * row.pace().toSeconds());
    }

    private static void drain(Driver driver, Harvest harvest) {
        var missing = new ArrayList<>(driver.accepted());
        long deadline = System.nanoTime() + DRAIN.toNanos();
        while (!missing.isEmpty() && System.nanoTime() < deadline) {
            missing.removeIf(mail -> isThere(mail, harvest));
            LockSupport.parkNanos(20_000_000);
        }
    }

    private static boolean isThere(Accepted mail, Harvest harvest) {
        return Arrays.stream(mail.recipients()).allMatch(to -> harvest.has(mail.messageId(), mail.mailId(), to));
    }

    // Copies may come as long as mail is on its way, so nothing is judged before.
    private static AuditSheet settled(Mesh mesh, Scene scene) throws IOException {
        long deadline = System.nanoTime() + SETTLE.toNanos();
        while (true) {
            var sheet = AuditSheet.of(mesh.cluster(), scene.environment());
            boolean still = sheet.onTheirWay() == 0 && scene.inFlight() == 0;
            if (still || System.nanoTime() > deadline) return sheet;
        }
    }

    private static Evidence evidence(Mesh mesh, Driver driver, Harvest harvest, Scene scene, Path folder)
            throws IOException {
        var signed = Signatures.good(folder.resolve("mail"), mesh.keys(), scene.environment(), folder);
        return new Evidence(
                driver.accepted(),
                driver.refused(),
                Inspection.of(harvest, driver.accepted(), signed),
                harvest.all().stream().flatMap(mail -> mail.report().stream()).toList(),
                scene.book().injections());
    }

    private static List<String> missed(Row row, Verdict verdict, Scene scene, AuditSheet before, AuditSheet after) {
        var missed = new ArrayList<>(scene.book().missed());
        var bars = new ArrayList<>(Bar.ALWAYS);
        bars.addAll(row.bars());
        of(Bar.Kind.COUNT, bars, verdict).forEach(missed::add);
        if (after.missing() > 0) missed.add("audit: missing " + after.missing());
        if (after.onTheirWay() > 0) missed.add("audit: " + after.onTheirWay() + " still on their way");
        if (after.twice() > before.twice()) missed.add("audit: twice " + (after.twice() - before.twice()));
        return missed;
    }

    private static List<String> late(Row row, Verdict verdict, Scene scene) {
        var late = new ArrayList<>(scene.book().late());
        late.addAll(of(Bar.Kind.TIME, row.bars(), verdict));
        return late;
    }

    private static List<String> of(Bar.Kind kind, List<Bar> bars, Verdict verdict) {
        return bars.stream()
                .filter(bar -> bar.kind() == kind)
                .flatMap(bar -> bar.missed().apply(verdict).stream())
                .toList();
    }

    // The mesh itself has to know of everybody who got copies: its worker died over the one before, or the sink hung up
    // on it.
    private static Optional<String> tooMany(Verdict verdict, Evidence evidence, Scene scene, long doubted) {
        scene.book().note("in doubt " + doubted);
        int unheard = evidence.deliveries().stream()
                .filter(Delivery::isUnheard)
                .mapToInt(copy -> copy.recipients().size())
                .sum();
        if (verdict.doubled() <= doubted + unheard) return Optional.empty();
        return Optional.of(verdict.doubled() + " recipients doubled, in doubt " + doubted + ", unheard " + unheard);
    }

    private List<String> notes(Verdict verdict, Scene scene, Workload workload) throws IOException {
        var notes = new ArrayList<>(scene.book().notes());
        notes.add(String.format(
                Locale.ROOT,
                "accept gap %s, slowest 250 %s, take-over %s, in flight at faults %d, 4xx %d, broken %d",
                Notebook.seconds(verdict.acceptGap()),
                Notebook.seconds(verdict.slowest()),
                Notebook.seconds(verdict.takeOver()),
                verdict.inFlight(),
                verdict.later(),
                verdict.broken()));
        notes.add(String.format(Locale.ROOT, "%.0f/s offered, load average %s", workload.rate(), Machine.load()));
        if (options.shorter()) notes.add("shortened");
        return notes;
    }

    private long seed() {
        return options.full().seed();
    }

    private static Duration since(Instant begun) {
        return Duration.between(begun, Instant.now());
    }

    private static Path emptied(Path folder) throws IOException {
        Folders.delete(folder);
        return Files.createDirectories(folder);
    }
}
