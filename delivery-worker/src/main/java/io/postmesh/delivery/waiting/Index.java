package io.postmesh.delivery.waiting;

import io.postmesh.contract.RecordId;
import io.postmesh.contract.Waiting;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// The states of one partition's waiting mail, found by record, by recipient and by time. A cache: Kafka's
/// `mail.waiting` is the truth.
///
/// Every method may throw [IndexFailed]; then nothing the index says is worth anything any more.
public sealed interface Index extends AutoCloseable permits HeapIndex, DiskIndex {
    int size();

    Optional<Waiting> get(RecordId record);

    /// Who waits under this record's name, if this recipient waits.
    Optional<RecordId> recordOf(Identity who);

    boolean isUnreadable(RecordId record);

    Set<RecordId> unreadable();

    /// All or nothing.
    ///
    /// @return the turns that are over with it
    List<Turn> apply(Map<RecordId, Change> changes);

    /// Another turn for the same state.
    ///
    /// @return the turn it had, empty when nobody is there
    Optional<Turn> move(RecordId record, Instant due);

    /// Those next to be called, in order.
    ///
    /// @param last the last one of the stretch before
    List<Turn> turns(Optional<Turn> last, int most);

    /// In the order of their record ids.
    ///
    /// @param last the last one of the stretch before
    List<Waiting> after(Optional<RecordId> last, int most);

    /// Records that wait for any such recipient. Looks at everybody.
    Set<RecordId> recordsOf(Predicate<Identity> some);

    Optional<Mark> mark();

    /// From now on it is a checkpoint.
    void mark(Mark mark);

    @Override
    void close();
}
