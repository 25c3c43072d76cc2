package io.postmesh.ingress.intake;

import io.postmesh.contract.Placement;
import io.postmesh.ingress.session.Limits;
import io.postmesh.ingress.space.SpaceWatch;
import io.postmesh.ingress.wire.DoorMeters;
import io.postmesh.runtime.blob.BlobStore;
import io.postmesh.runtime.kafka.TopicWriter;
import io.postmesh.runtime.redis.Rate;
import io.postmesh.runtime.redis.RateLimiter;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;

/// What the intakes of all event loops share.
///
/// @param textLine   octets of a line of content, without CR LF
/// @param inlineMax  octets of an encoded body inside the record
/// @param clientRate messages per client network
/// @param mail       writes `mail.accepted`
/// @param notes      writes `mail.events`
public record IntakePlan(
        String ourName,
        Limits limits,
        int textLine,
        int inlineMax,
        Optional<Rate> clientRate,
        RateLimiter limiter,
        Budget budget,
        SpaceWatch space,
        TopicWriter mail,
        TopicWriter notes,
        BlobStore blobs,
        Supplier<Placement> placement,
        TraceStart traces,
        DoorMeters meters,
        Clock clock) {}
