/// The contract between the rooms: topics, and what a record in each of them says.
///
/// Way in: [io.postmesh.contract.RecordCodec] for mail, [io.postmesh.contract.Outcome] and
/// [io.postmesh.contract.Waiting] for the ledger. Field numbers live in `mail.proto`; golden files bind them.
/// Absent on purpose: Kafka. A record here is bytes; who carries them is mesh-runtime's business.
@NullMarked
package io.postmesh.contract;

import org.jspecify.annotations.NullMarked;
