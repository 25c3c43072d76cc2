package io.postmesh.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.junit.jupiter.api.Test;

class RemedyTest {
    @Test
    void whatKafkaItselfCallsAbortableIsAborted() {
        assertThat(Remedy.after(new CommitFailedException("moved on"))).isEqualTo(Remedy.ABORT);
        assertThat(Remedy.after(new RebalanceInProgressException("moving"))).isEqualTo(Remedy.ABORT);
        assertThat(Remedy.after(new TransactionAbortableException("abort it"))).isEqualTo(Remedy.ABORT);
    }

    @Test
    void aCommitWhoseAnswerIsNotKnownIsNeverAborted() {
        assertThat(Remedy.after(new TimeoutException("no answer"))).isEqualTo(Remedy.NEW_PRODUCER);
        assertThat(Remedy.after(new InterruptException("stopping"))).isEqualTo(Remedy.NEW_PRODUCER);
        assertThat(Remedy.after(new TimeoutException("no answer", new CommitFailedException())))
                .isEqualTo(Remedy.NEW_PRODUCER);
    }

    @Test
    void anEpochThatIsNotTheNewestWritesNoMore() {
        assertThat(Remedy.after(new ProducerFencedException("fenced"))).isEqualTo(Remedy.FENCED);
        assertThat(Remedy.after(new InvalidProducerEpochException("old"))).isEqualTo(Remedy.FENCED);
    }

    @Test
    void whatMayHaveLeftAGapOrARequestBehindNeedsANewProducer() {
        assertThat(Remedy.after(new OutOfOrderSequenceException("gap"))).isEqualTo(Remedy.NEW_PRODUCER);
        assertThat(Remedy.after(new NotEnoughReplicasException("alone"))).isEqualTo(Remedy.NEW_PRODUCER);
        assertThat(Remedy.after(new InvalidPidMappingException("forgotten"))).isEqualTo(Remedy.NEW_PRODUCER);
        assertThat(Remedy.after(new IllegalStateException("of the client"))).isEqualTo(Remedy.NEW_PRODUCER);
    }

    @Test
    void theClientsWrappingDoesNotHideTheReason() {
        var wrapped = new KafkaException("Cannot execute transactional method", new ProducerFencedException("fenced"));
        assertThat(Remedy.after(wrapped)).isEqualTo(Remedy.FENCED);
        assertThat(Remedy.after(new KafkaException("error state", new CommitFailedException())))
                .isEqualTo(Remedy.ABORT);
    }
}
