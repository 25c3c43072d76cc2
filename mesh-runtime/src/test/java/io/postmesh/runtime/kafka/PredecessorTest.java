package io.postmesh.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.postmesh.contract.Topics;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class PredecessorTest {
    private static final String GROUP = "left-by-all";

    @Test
    void membersWhoLeaveByThemselvesBeforeTheyAreRemovedAreNoFault() throws Exception {
        var kafka = RealKafka.settings();
        try (var admin = Admin.create(kafka.admin("test"))) {
            var done = Map.of(new TopicPartition(Topics.ACCEPTED.topic(), 0), new OffsetAndMetadata(0));
            admin.alterConsumerGroupOffsets(GROUP, done).all().get(); // a group with positions and without members
            assertThatCode(() -> Predecessor.removeAll(admin, GROUP)).doesNotThrowAnyException();
        }
    }

    @Test
    void aGroupNobodyEverJoinedIsNoFault() {
        assertThatCode(() -> Predecessor.removeMembers(RealKafka.settings(), List.of("nobody-ever")))
                .doesNotThrowAnyException();
    }
}
