package io.postmesh.delivery.owner;

import io.postmesh.delivery.control.Orders;
import io.postmesh.delivery.lane.LaneBook;
import io.postmesh.delivery.outcome.Courier;
import io.postmesh.delivery.waiting.RetrySchedule;
import io.postmesh.delivery.waiting.WaitingBodies;
import io.postmesh.runtime.blob.BlobStore;
import io.postmesh.runtime.kafka.KafkaSettings;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executor;

/// What all partitions of a worker share.
///
/// @param worker name in the ledger
/// @param lease  until when its partitions are its own
/// @param dot    how long a remote may take to answer the final dot
/// @param budget octets one partition may hold in memory
/// @param orders what operators want
/// @param control hears it, and answers
/// @param side   virtual threads for work beside the attempts
record Desk(
        KafkaSettings kafka,
        String worker,
        LedgerLog log,
        Lease lease,
        Courier courier,
        LaneBook lanes,
        WaitingBodies bodies,
        BlobStore blobs,
        RetrySchedule schedule,
        long budget,
        DeliveryMeters meters,
        Duration dot,
        Orders orders,
        Control control,
        Executor side,
        Clock clock) {}
