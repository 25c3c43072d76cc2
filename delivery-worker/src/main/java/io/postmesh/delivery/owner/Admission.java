package io.postmesh.delivery.owner;

import io.postmesh.contract.Recipient;
import io.postmesh.contract.RecordId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What the book says to a record that arrived.
///
/// @param fresh    recipients nobody knows yet: they are to be served
/// @param repeated recipients that are final, waiting or in progress already: dropped
/// @param again    the former owner read this record, too: what it already did is no repetition
record Admission(List<Group> fresh, List<Recipient> repeated, boolean again, Offsets.Claim claim) {
    /// Recipients of one record that can be served together: a letter.
    ///
    /// @param attempts of a former owner that ended without a word
    /// @param crashes  of workers over it
    /// @param until    present: another worker may write their result until then (LEDGER L15)
    record Group(RecordId key, List<Recipient> recipients, int attempts, int crashes, Optional<Instant> until) {}
}
