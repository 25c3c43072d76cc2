package io.postmesh.delivery.owner;

import io.postmesh.delivery.control.Orders;
import io.postmesh.delivery.lane.LaneBook;
import io.postmesh.delivery.outcome.Courier;
import io.postmesh.delivery.waiting.Index;
import io.postmesh.delivery.waiting.Indexes;
import io.postmesh.delivery.waiting.RetrySchedule;
import io.postmesh.delivery.waiting.WaitingBodies;
import io.postmesh.delivery.waiting.WaitingRoom;
import io.postmesh.runtime.blob.BlobStore;
import io.postmesh.runtime.kafka.KafkaSettings;
import io.postmesh.runtime.trace.Trace;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.function.IntSupplier;

/// What all partitions of a worker share.
///
/// @param worker name in the ledger
/// @param lease  until when its partitions are its own
/// @param dot    how long a remote may take to answer the final dot
/// @param budget octets one partition may hold in memory
/// @param orders what operators want
/// @param control hears it, and answers
/// @param gatherers few threads, to read what is known of those who wait
/// @param sweeper   one thread: it reads all bodies there are
/// @param side   virtual threads for work beside the attempts
/// @param partitions on which mail is placed, of all workers (LEDGER L5)
record Desk(
        KafkaSettings kafka,
        String worker,
        LedgerLog log,
        Lease lease,
        Courier courier,
        LaneBook lanes,
        WaitingBodies bodies,
        BlobStore blobs,
        WaitingTopic topic,
        Indexes indexes,
        Executor gatherers,
        Executor sweeper,
        RetrySchedule schedule,
        long budget,
        DeliveryMeters meters,
        Duration dot,
        Orders orders,
        Control control,
        Executor side,
        IntSupplier partitions,
        Trace trace,
        Clock clock)
        implements WaitingRoom.Care {
    @Override
    public void keep(Index index) {
        indexes.close(index);
    }

    @Override
    public void lost(Index index) {
        meters.indexLost();
        indexes.failed(index);
    }

    @Override
    public Instant now() {
        return clock.instant();
    }
}
