package io.postmesh.runtime.redis;

/// What a worker wants at one place.
///
/// @param limit   connections of all workers together
/// @param wanted  connections of this worker, those it has included; 0 gives the lease back
/// @param open    connections it has open now, whatever it may
/// @param workers how many live workers there are, as far as is known
public record SlotRequest(String place, int limit, int wanted, int open, int workers) {
    public SlotRequest {
        if (limit < 1 || wanted < 0 || open < 0 || workers < 1) throw new IllegalArgumentException("negative slots");
    }

    /// What is left to a worker that cannot ask: a fifth is kept back, as the number of workers is a guess then.
    int ownShare() {
        return (int) Math.max(1, limit * 8L / 10 / workers);
    }
}
