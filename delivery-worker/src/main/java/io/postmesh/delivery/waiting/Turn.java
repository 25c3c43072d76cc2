package io.postmesh.delivery.waiting;

import io.postmesh.contract.RecordId;
import java.time.Instant;

/// When somebody is to be called: in milliseconds, as states keep it.
public record Turn(long due, RecordId record) implements Comparable<Turn> {
    static Turn of(Instant due, RecordId record) {
        return new Turn(millis(due), record);
    }

    // A time beyond all clocks is only very late.
    static long millis(Instant due) {
        try {
            return Math.max(0, due.toEpochMilli());
        } catch (ArithmeticException beyond) {
            return due.isBefore(Instant.EPOCH) ? 0 : Long.MAX_VALUE;
        }
    }

    @Override
    public int compareTo(Turn other) {
        int byTime = Long.compare(due, other.due);
        return byTime != 0 ? byTime : record.text().compareTo(other.record.text());
    }
}
