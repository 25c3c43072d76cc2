package io.postmesh.lab.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.lab.load.Witness.Accepted;
import io.postmesh.lab.load.Witness.Refused;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JudgeTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final List<Accepted> accepted = new ArrayList<>();
    private final List<Refused> refused = new ArrayList<>();
    private final List<Delivery> deliveries = new ArrayList<>();
    private final List<Report> reports = new ArrayList<>();
    private final List<Injection> injections = new ArrayList<>();

    @Test
    void aRecipientWhoIsNeitherDeliveredNorReportedIsLost() {
        promised("<a>", 0, "ann@one.test", "bob@two.test", "cat@three.test");
        delivered("<a>", 1, "ann@one.test");
        reports.add(new Report("id of <a>", List.of("bob@two.test")));
        assertThat(verdict().lost()).containsExactly("<a> cat@three.test");
        assertThat(missed()).singleElement().asString().startsWith("LOST 1, first <a> cat@three.test");
    }

    @Test
    void aReportOnAnotherMailAccountsForNobody() {
        promised("<a>", 0, "ann@one.test");
        promised("<b>", 0, "ann@one.test");
        reports.add(new Report("id of <b>", List.of("ann@one.test")));
        assertThat(verdict().lost()).containsExactly("<a> ann@one.test");
    }

    @Test
    void aSecondCopyIsExplainedByAFaultThatFoundTheFirstInFlight() {
        promised("<a>", 0, "ann@one.test");
        delivered("<a>", 10, "ann@one.test"); // its reply goes out a second later
        delivered("<a>", 20, "ann@one.test");
        kill(10.5);
        assertThat(verdict().copies()).isEqualTo(1);
        assertThat(verdict().inFlight()).isEqualTo(1);
        assertThat(missed()).isEmpty();
    }

    @Test
    void aSecondCopyOfMailThatWasDoneBeforeTheFaultIsUnexplained() {
        promised("<a>", 0, "ann@one.test");
        delivered("<a>", 10, "ann@one.test");
        delivered("<a>", 20, "ann@one.test");
        kill(21.1); // 10.1 s after the reply: the ledger has it
        assertThat(verdict().unexplained()).containsExactly("<a> ann@one.test");
        assertThat(missed()).anyMatch(bar -> bar.startsWith("unexplained copies 1"));
    }

    @Test
    void aThirdCopyNeedsAFaultOfItsOwn() {
        promised("<a>", 0, "ann@one.test");
        delivered("<a>", 10, "ann@one.test");
        delivered("<a>", 20, "ann@one.test");
        delivered("<a>", 30, "ann@one.test");
        kill(10.5);
        assertThat(verdict().unexplained()).hasSize(1);
        kill(20.5);
        assertThat(verdict().unexplained()).isEmpty();
        assertThat(verdict().copies()).isEqualTo(2);
    }

    @Test
    void aRemoteThatHungUpAfterTheDotExplainsOneMoreCopyAndNoSecondOne() {
        promised("<a>", 0, "ann@one.test");
        unheard("<a>", 10, "ann@one.test");
        delivered("<a>", 20, "ann@one.test");
        assertThat(missed()).isEmpty();
        delivered("<a>", 30, "ann@one.test");
        assertThat(verdict().unexplained()).containsExactly("<a> ann@one.test");
        assertThat(verdict().inFlight()).isEqualTo(1);
    }

    @Test
    void whoIsNotInTheEnvelopeIsAStrangerAndSoIsAMessageNobodySent() {
        promised("<a>", 0, "ann@one.test");
        delivered("<a>", 1, "ann@one.test", "eve@one.test");
        delivered("<b>", 1, "ann@one.test");
        assertThat(verdict().strangers()).containsExactly("<a> eve@one.test", "<b> ann@one.test");
    }

    @Test
    void aMessageWhoseReplyNeverCameMayArriveAndOneRefusedForGoodMayNot() {
        refused("<a>", 0, true);
        refused("<b>", 451, true);
        refused("<c>", 550, true);
        refused("<d>", 0, false);
        for (var id : List.of("<a>", "<b>", "<c>", "<d>")) delivered(id, 1, "ann@one.test");
        assertThat(verdict().phantoms()).isEqualTo(4);
        assertThat(verdict().ghosts()).containsExactly("<c>", "<d>");
    }

    @Test
    void theLongestTimeWithoutA250IsTheAcceptGap() {
        promised("<c>", 9, "ann@one.test");
        promised("<a>", 0, "ann@one.test");
        promised("<b>", 2, "ann@one.test");
        assertThat(verdict().acceptGap()).isEqualTo(Duration.ofSeconds(7));
        assertThat(Bar.acceptGap(Duration.ofSeconds(6)).missed().apply(verdict()))
                .isPresent();
        assertThat(Bar.acceptGap(Duration.ofSeconds(7)).missed().apply(verdict()))
                .isEmpty();
    }

    @Test
    void mailThatWasOnItsWayAtAFaultTellsHowLongItsTakeOverTook() {
        promised("<done>", 0, "ann@one.test");
        delivered("<done>", 1, "ann@one.test");
        promised("<waits>", 2, "ann@one.test");
        delivered("<waits>", 14, "ann@one.test");
        promised("<late>", 20, "ann@one.test");
        delivered("<late>", 60, "ann@one.test");
        kill(5);
        assertThat(verdict().takeOver()).isEqualTo(Duration.ofSeconds(9));
    }

    @Test
    void aCopyInFlightAtTheFaultIsTakenOverWhenItComesAgain() {
        promised("<a>", 0, "ann@one.test");
        delivered("<a>", 5, "ann@one.test");
        kill(5.5);
        assertThat(verdict().takeOver()).isZero(); // its worker was not the one that died
        delivered("<a>", 18, "ann@one.test");
        assertThat(verdict().takeOver()).isEqualTo(Duration.ofMillis(12_500));
    }

    @Test
    void whoeverTookOverAndWasKilledTooHasItsOwnClock() {
        promised("<a>", 0, "ann@one.test");
        kill(5);
        kill(15);
        delivered("<a>", 27, "ann@one.test");
        assertThat(verdict().takeOver()).isEqualTo(Duration.ofSeconds(12));
    }

    @Test
    void whoWasNotTakenOverBeforeTheNextKillWaitedAtLeastUntilThen() {
        promised("<a>", 0, "ann@one.test");
        kill(5);
        kill(25);
        delivered("<a>", 27, "ann@one.test");
        assertThat(verdict().takeOver()).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void whatADeadWorkerHadWrittenMayBeReadByTheSinkAfterItsDeath() {
        promised("<a>", 0, "ann@one.test");
        delivered("<a>", 6, "ann@one.test");
        delivered("<a>", 18, "ann@one.test");
        kill(5);
        assertThat(verdict().unexplained()).isEmpty();
        assertThat(verdict().doubled()).isEqualTo(1);
    }

    @Test
    void aChangedAndAnUnsignedCopyAreCounted() {
        promised("<a>", 0, "ann@one.test");
        deliveries.add(new Delivery(1, at(1), at(2), "<a>", List.of("ann@one.test"), false, false));
        assertThat(verdict().changed()).isEqualTo(1);
        assertThat(verdict().unsigned()).isEqualTo(1);
        assertThat(missed()).containsExactly("MUT 0", "SIG 0");
    }

    private void promised(String messageId, double second, String... recipients) {
        accepted.add(new Accepted(
                at(second), accepted.size(), messageId, recipients, "id of " + messageId, Duration.ZERO, 1, ""));
    }

    private void refused(String messageId, int code, boolean afterDot) {
        refused.add(new Refused(at(0), messageId, new String[] {"ann@one.test"}, code, "", afterDot));
    }

    // The reply to the dot takes a second.
    private void delivered(String messageId, double second, String... recipients) {
        deliveries.add(new Delivery(
                deliveries.size(), at(second), at(second + 1), messageId, List.of(recipients), true, true));
    }

    private void unheard(String messageId, double second, String... recipients) {
        deliveries.add(new Delivery(
                deliveries.size(), at(second), Delivery.NEVER, messageId, List.of(recipients), true, true));
    }

    private void kill(double second) {
        injections.add(new Injection("kill -9", at(second), at(second + 0.01)));
    }

    private static Instant at(double second) {
        return START.plusMillis(Math.round(second * 1_000));
    }

    private Verdict verdict() {
        return Judge.judge(new Evidence(accepted, refused, deliveries, reports, injections));
    }

    private List<String> missed() {
        var verdict = verdict();
        return Bar.ALWAYS.stream()
                .map(bar -> bar.missed().apply(verdict))
                .flatMap(Optional::stream)
                .toList();
    }
}
