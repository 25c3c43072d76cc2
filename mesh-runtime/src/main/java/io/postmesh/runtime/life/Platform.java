package io.postmesh.runtime.life;

import io.micrometer.core.instrument.MeterRegistry;
import io.postmesh.runtime.blob.BlobStore;
import io.postmesh.runtime.kafka.KafkaSettings;
import io.postmesh.runtime.kafka.MeshTopics;
import io.postmesh.runtime.ops.Health;
import io.postmesh.runtime.redis.RedisState;
import io.postmesh.runtime.trace.Trace;
import io.vertx.core.Vertx;
import java.time.Clock;

/// What every service is given: one of each in a process.
public record Platform(
        Vertx vertx,
        KafkaSettings kafka,
        MeshTopics topics,
        RedisState redis,
        BlobStore blobs,
        MeterRegistry meters,
        Health health,
        Trace trace,
        Clock clock) {}
