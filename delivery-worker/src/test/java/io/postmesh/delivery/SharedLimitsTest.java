package io.postmesh.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postmesh.contract.Outcome.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Two workers on one Kafka and one Redis: what a remote sees of their limits.
class SharedLimitsTest {
    private static final int CONNECTIONS = 3;

    @Test
    void aRemoteNeverSeesMoreConnectionsThanTheLimitOfBothWorkersTogetherWithRedisOrWithout() throws Exception {
        var settings = Map.of(
                "POSTMESH_DESTINATION_CONNECTIONS",
                Integer.toString(CONNECTIONS),
                "POSTMESH_CONNECTION_MESSAGES",
                "10"); // one leaves, and another comes, all the time
        try (var office = new PostOffice(settings)) {
            office.openSecond("second");
            office.sink().rules().add("* DOT late 50ms");
            var workers = deliver(office, 120).stream()
                    .flatMap(mail -> office.outcomes(mail).stream())
                    .map(line -> line.by().worker())
                    .collect(Collectors.toSet());
            assertThat(workers).hasSize(2);
            assertThat(office.sink().counters().mostOpen()).isBetween(2, CONNECTIONS);
            office.redisDies();
            deliver(office, 120);
            assertThat(office.sink().counters().mostOpen()).isLessThanOrEqualTo(CONNECTIONS);
        }
    }

    private static List<PostOffice.Mail> deliver(PostOffice office, int count) throws Exception {
        var mails = new ArrayList<PostOffice.Mail>();
        for (int i = 0; i < count; i++)
            mails.add(office.mail("to" + i + "@" + PostOffice.SPREAD).send());
        await().atMost(Duration.ofSeconds(120))
                .until(() -> mails.stream().allMatch(mail -> office.kinds(mail).contains(Kind.DELIVERED)));
        return mails;
    }
}
