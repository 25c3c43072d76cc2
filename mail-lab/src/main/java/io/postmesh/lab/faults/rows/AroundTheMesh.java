package io.postmesh.lab.faults.rows;

import io.postmesh.lab.faults.Row;
import java.util.List;

/// The rows in which the mesh's own processes live on: what it needs from others goes away, and remotes misbehave.
/// Where it is all about remotes, names and sizes, the mesh is the one-node process: it is up in seconds.
final class AroundTheMesh {
    private AroundTheMesh() {}

    static List<Row> rows() {
        return List.of(
                new RedisTrouble("B01", RedisTrouble.Harm.KILLED),
                new RedisTrouble("B02", RedisTrouble.Harm.HANGING),
                new RedisTrouble("B04", RedisTrouble.Harm.FORGETTING),
                new HangUpAfterDot(),
                new PartialRecipients(),
                new EveryStage(),
                new NamesOfEveryKind(),
                new BrokersAway(),
                new SlowKafka(),
                new AcknowledgementsLost(),
                new NamesAway(),
                new Tarpits(),
                new BackFromOutage(),
                new ManyKeys(),
                new SizeEdge(),
                new ClockMoved(),
                new DisksFull(),
                new SlotsOfTheDead());
    }
}
