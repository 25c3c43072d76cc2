package io.postmesh.runtime.kafka;

import io.postmesh.contract.BadRecord;
import java.util.List;

/// The work of a stage on one record. It may run again for the same record, so it must be repeatable.
@FunctionalInterface
public interface StageHandler {
    /// @throws BadRecord when the record itself is at fault: it goes to quarantine
    /// @throws Exception when the surroundings are: the record is tried again until it works. A RuntimeException is
    ///                   taken for a bug that this record brings out; after some tries the record is quarantined
    List<OutRecord> handle(InRecord record) throws BadRecord, Exception;
}
