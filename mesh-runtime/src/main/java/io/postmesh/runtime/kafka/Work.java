package io.postmesh.runtime.kafka;

import io.postmesh.contract.BadRecord;
import io.postmesh.contract.Topics;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// One record in a stage's hands.
final class Work {
    /// What came of it.
    sealed interface Result {
        record Done(List<OutRecord> outputs) implements Result {}

        record Bad(String reason) implements Result {}

        record Failed(Throwable cause) implements Result {
            /// A bug that this record brings out, as far as one can tell; anything else is the surroundings' fault.
            boolean blamesTheRecord() {
                return cause instanceof RuntimeException || cause instanceof StackOverflowError;
            }
        }
    }

    final ConsumerRecord<byte[], byte[]> record;
    final TopicPartition from;
    private final Topics topic;
    private final CompletableFuture<Result> result = new CompletableFuture<>();
    private volatile boolean dropped;
    private @Nullable Result verdict;

    Work(Topics topic, ConsumerRecord<byte[], byte[]> record) {
        this.topic = topic;
        this.record = record;
        this.from = new TopicPartition(record.topic(), record.partition());
    }

    void run(StageHandler handler) {
        if (!dropped) result.complete(attempt(handler));
    }

    /// Nobody wants the result any more.
    void drop() {
        dropped = true;
    }

    /// The handler will not come back.
    void abandon() {
        result.complete(new Result.Failed(new InterruptedException("the stage is stopping")));
    }

    /// The result stands from now on, whatever the handler said.
    void condemn(String reason) {
        verdict = new Result.Bad(reason);
    }

    Result await() {
        return verdict != null ? verdict : result.join();
    }

    InRecord input() {
        return InRecord.of(topic, record);
    }

    /// Octets it will write, once it is done.
    long outputSize() {
        return await() instanceof Result.Done(var outputs)
                ? outputs.stream().mapToLong(OutRecord::size).sum()
                : 0;
    }

    int size() {
        return Math.max(0, record.serializedValueSize()) + Math.max(0, record.serializedKeySize());
    }

    // Every Throwable: an Error swallowed by an executor would leave the stage waiting for ever.
    private Result attempt(StageHandler handler) {
        try {
            return checked(handler.handle(input()));
        } catch (BadRecord e) {
            return new Result.Bad(String.valueOf(e.getMessage()));
        } catch (Throwable e) {
            return new Result.Failed(e);
        }
    }

    /// An output that Kafka's client refuses would abort this batch again and again.
    private static Result checked(List<OutRecord> outputs) {
        for (var output : outputs) {
            var partition = output.partition();
            if (partition != null && partition < 0) return new Result.Bad("there is no partition " + partition);
            if (output.size() > KafkaSettings.MAX_RECORD) {
                return new Result.Bad("an output of " + output.size() + " octets is too large for "
                        + output.topic().topic());
            }
        }
        return new Result.Done(outputs);
    }
}
