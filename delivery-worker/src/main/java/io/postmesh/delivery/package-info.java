/// The carrier's house: signed mail goes out, and what became of it is written down.
///
/// Way in: [io.postmesh.delivery.DeliveryService#open]. `owner` keeps the ledger, `lane` gives turns, `smtp` talks,
/// `waiting` holds what failed for now, `bounce` tells the sender what failed for good.
/// Absent on purpose: deciding whether a mail may go (policy), signing it (signer).
@NullMarked
package io.postmesh.delivery;

import org.jspecify.annotations.NullMarked;
