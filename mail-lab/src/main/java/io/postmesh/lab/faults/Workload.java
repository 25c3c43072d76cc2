package io.postmesh.lab.faults;

import io.postmesh.lab.load.LoadPlan;
import io.postmesh.lab.load.LocalParts;
import io.postmesh.lab.load.SizeMix;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.DoubleSupplier;

/// The mail of a run. The same seed gives the same letters.
///
/// @param rate       messages a second
/// @param fewest     recipients of a message
/// @param recipients of a message, at most
/// @param words      what the recipients' local parts ask of the sink
/// @param patience   how long a client offers a message again
public record Workload(
        int messages,
        double rate,
        long seed,
        int connections,
        SizeMix sizes,
        int fewest,
        int recipients,
        LocalParts words,
        int domains,
        Duration patience) {
    /// Who sends it; reports come back to there.
    static final String SENDER = "orders@demo.test";

    private static final SizeMix MIXED = new SizeMix(List.of(
            new SizeMix.Share(90, 4 * 1024), new SizeMix.Share(9, 64 * 1024), new SizeMix.Share(1, 5 * 1024 * 1024)));

    /// Workload W: 20 connections, 90 % of 4 KiB, 9 % of 64 KiB, 1 % of 5 MiB, 1 to 5 recipients in 30 domains.
    public static Workload w(int messages, double rate, long seed) {
        return new Workload(messages, rate, seed, 20, MIXED, 1, 5, LocalParts.PLAIN, 30, Duration.ofMinutes(5));
    }

    public Workload atMost(double perSecond) {
        return new Workload(
                messages,
                Math.min(rate, perSecond),
                seed,
                connections,
                sizes,
                fewest,
                recipients,
                words,
                domains,
                patience);
    }

    public Workload sizes(SizeMix other) {
        return new Workload(messages, rate, seed, connections, other, fewest, recipients, words, domains, patience);
    }

    public Workload messages(int other) {
        return new Workload(other, rate, seed, connections, sizes, fewest, recipients, words, domains, patience);
    }

    public Workload recipients(int least, int most) {
        return new Workload(messages, rate, seed, connections, sizes, least, most, words, domains, patience);
    }

    public Workload words(LocalParts other) {
        return new Workload(messages, rate, seed, connections, sizes, fewest, recipients, other, domains, patience);
    }

    public Workload domains(int other) {
        return new Workload(messages, rate, seed, connections, sizes, fewest, recipients, words, other, patience);
    }

    public Workload patience(Duration other) {
        return new Workload(messages, rate, seed, connections, sizes, fewest, recipients, words, domains, other);
    }

    /// @param pace messages a second at this moment
    LoadPlan plan(List<InetSocketAddress> doors, Path ledger, DoubleSupplier pace) {
        var plan = new LoadPlan(doors.getFirst())
                .messages(messages)
                .rate(pace)
                .seed(seed)
                .sessions(connections)
                .sizes(sizes)
                .recipients(fewest, recipients)
                .localParts(words)
                .domains(domains)
                .patience(patience)
                .from(SENDER)
                .perConnection(20) // connections come back to a door that was away
                .digests()
                .ledger(ledger);
        doors.subList(1, doors.size()).forEach(plan::alsoTo);
        return plan;
    }
}
