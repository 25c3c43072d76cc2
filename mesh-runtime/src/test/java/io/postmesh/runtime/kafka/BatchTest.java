package io.postmesh.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.contract.Topics;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class BatchTest {
    @Test
    void aBatchIsCutBeforeItWritesTooMuchAndTheRestKeepsItsOrder() {
        var batch = batch(100, 100, 100, 100);
        var rest = batch.cutOff(300);
        assertThat(offsets(batch)).containsExactly(0L);
        assertThat(offsets(rest)).containsExactly(1L, 2L, 3L);
        assertThat(batch.bytes() + rest.bytes()).isEqualTo(4);
        assertThat(rest.bytes()).isEqualTo(3);
    }

    @Test
    void aSingleWorkIsNeverCutHoweverMuchItWrites() {
        var batch = batch(1_000);
        assertThat(batch.cutOff(10).isEmpty()).isTrue();
        assertThat(batch.size()).isEqualTo(1);
    }

    @Test
    void aBatchThatFitsStaysWhole() {
        assertThat(batch(1, 1, 1).cutOff(10_000).isEmpty()).isTrue();
    }

    @Test
    void whatIsDroppedWeighsNothingAnyMore() {
        var batch = batch(1, 1, 1, 1);
        batch.cut(Map.of(new TopicPartition("in", 0), 3L));
        assertThat(batch.bytes()).isEqualTo(3);
        batch.drop(List.of(new TopicPartition("in", 0)));
        assertThat(batch.bytes()).isZero();
    }

    private static Batch batch(int... outputs) {
        var batch = new Batch();
        for (int i = 0; i < outputs.length; i++) {
            int size = outputs[i];
            var work = new Work(Topics.ACCEPTED, new ConsumerRecord<>("in", 0, i, null, new byte[1]) {
                @Override
                public int serializedValueSize() {
                    return 1;
                }
            });
            work.run(in -> List.of(
                    new OutRecord(Topics.CLEARED, 0, null, new byte[size], List.of()),
                    new OutRecord(Topics.EVENTS, 0, null, new byte[1], List.of())));
            batch.add(work);
        }
        return batch;
    }

    private static List<Long> offsets(Batch batch) {
        return batch.works().stream().map(work -> work.record.offset()).toList();
    }
}
