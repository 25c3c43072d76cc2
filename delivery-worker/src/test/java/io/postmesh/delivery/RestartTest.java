package io.postmesh.delivery;

import static io.postmesh.delivery.DeliveryServiceTest.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.contract.Outcome.Kind;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Stopped and started again on the same Kafka: nobody is skipped, nobody gets a mail twice (LEDGER L17, L18).
class RestartTest {
    @Test
    void mailUnderWayAndMailInTheWaitingRoomSurvivesARestart() throws Exception {
        try (var office = new PostOffice(Map.of("POSTMESH_RETRY_SCHEDULE", "1s"))) {
            office.sink().rules().add("waits.test RCPT first 40 450 4.2.0 Not now");
            var mails = new ArrayList<PostOffice.Mail>();
            for (int i = 0; i < 20; i++)
                mails.add(office.mail("w" + i + "@waits.test").send());
            soon().until(() ->
                    mails.stream().allMatch(mail -> office.kinds(mail).contains(Kind.DEFERRED)));
            office.stop();
            for (int i = 0; i < 20; i++)
                mails.add(office.mail("n" + i + "@new.test").send());
            office.open();
            soon().until(() ->
                    mails.stream().allMatch(mail -> office.kinds(mail).contains(Kind.DELIVERED)));
            assertThat(mails)
                    .allMatch(mail -> office.kinds(mail).stream()
                                    .filter(kind -> kind == Kind.DELIVERED)
                                    .count()
                            == 1);
            assertThat(office.sink().inbox().all()).hasSize(40);
        }
    }

    @Test
    void whatWasDeliveredBeforeIsRememberedAfterwards() throws Exception {
        try (var office = new PostOffice(Map.of())) {
            var mail = office.mail("once@one.test").send();
            soon().until(() -> office.kinds(mail).contains(Kind.DELIVERED));
            office.stop();
            mail.send(); // an upstream stage repeats its batch after a crash
            office.open();
            var behind = office.mail("behind@one.test").send();
            soon().until(() -> office.kinds(behind).contains(Kind.DELIVERED));
            assertThat(office.sink().inbox().to("once@one.test")).hasSize(1);
        }
    }
}
