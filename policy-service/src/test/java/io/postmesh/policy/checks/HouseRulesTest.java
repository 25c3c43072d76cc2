package io.postmesh.policy.checks;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.contract.Reason;
import io.postmesh.mail.Domain;
import io.postmesh.policy.SampleMail;
import io.postmesh.policy.judge.Judge;
import io.postmesh.policy.judge.Verdict;
import io.postmesh.policy.rules.RuleBook;
import io.postmesh.policy.rules.SenderRule;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every rule, through the judge that asks it: what a mail meets in the running mesh.
class HouseRulesTest {
    private static final SenderRule OURS =
            new SenderRule.Listed(Set.of(new Domain("example.com"), new Domain("xn--fa-hia.de")));
    private static final Judge LISTED = HouseRules.of(new RuleBook(OURS, "10/s", Duration.ofHours(24), 100));
    private static final Judge ANY = HouseRules.of(new RuleBook(new SenderRule.Any(), "", Duration.ofHours(24), 100));

    @Test
    void theOrderOfTheRulesIsPartOfTheContract() {
        assertThat(LISTED.ruleNames())
                .containsExactly(
                        "client-trusted",
                        "sender-allowed",
                        "message-shape",
                        "hop-count",
                        "from-aligned",
                        "sender-domain-rate");
    }

    @Test
    void anOrdinaryMailIsClearAndSignedAsItsFromDomain() {
        assertThat(clear(SampleMail.plain()).signAs()).contains(new Domain("example.com"));
        assertThat(clear(SampleMail.plain()).by().rule()).isEqualTo("no-objection");
        assertThat(clear(SampleMail.plain()).by().version()).isEqualTo(LISTED.version());
    }

    @Test
    void anUntrustedClientIsRefusedWhateverItsSender() {
        assertRefused(LISTED, SampleMail.plain().untrusted(), "client-trusted", "554 5.7.1");
        assertRefused(ANY, SampleMail.plain().untrusted(), "client-trusted", "554 5.7.1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ann@example.com", "ann@EXAMPLE.com", "ann@news.example.com", "ann@a.b.example.com", "x@faß.de"})
    void aListedDomainAndItsSubdomainsMaySend(String sender) {
        clear(SampleMail.plain().sender(sender));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ann@example.org", "ann@notexample.com", "ann@com", "ann@example.com.evil.test", "x@fass.de", ""
            })
    void anyOtherSenderIsRefusedAlsoTheNullOne(String sender) {
        assertRefused(LISTED, SampleMail.plain().sender(sender), "sender-allowed", "554 5.7.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ann@example.org", ""})
    void withoutAListATrustedClientMayUseAnySender(String sender) {
        assertThat(ANY.judge(SampleMail.plain().sender(sender).submission())).isInstanceOf(Verdict.Clear.class);
    }

    @Test
    void aReportOfTheMeshSkipsSenderRulesAndLimits() {
        var verdict = LISTED.judge(SampleMail.plain().byTheMesh().submission(Duration.ofSeconds(5)));
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Clear.class,
                        c -> assertThat(c.signAs())
                                .as("signed as the host that wrote it, not as a customer")
                                .contains(new Domain("mail.mesh.test")));
    }

    @ParameterizedTest
    @CsvSource({
        "example.com, example.com",
        "news.example.com, news.example.com",
        "example.org,",
        "'',",
    })
    void onlyAnAllowedFromDomainMayBeSignedFor(String from, @org.jspecify.annotations.Nullable String signAs) {
        var expected = Optional.ofNullable(signAs).map(Domain::new);
        assertThat(clear(SampleMail.plain().from(from)).signAs()).isEqualTo(expected);
    }

    @Test
    void withoutAListEveryFromDomainMayBeSignedFor() {
        assertThat(ANY.judge(SampleMail.plain().from("example.org").submission()))
                .isInstanceOfSatisfying(
                        Verdict.Clear.class, c -> assertThat(c.signAs()).contains(new Domain("example.org")));
    }

    @Test
    void aSenderDomainOverItsLimitWaitsAndKeepsItsSignature() {
        var verdict = LISTED.judge(SampleMail.plain().submission(Duration.ofMillis(1500)));
        assertThat(verdict).isInstanceOfSatisfying(Verdict.Hold.class, hold -> {
            assertThat(hold.by().rule()).isEqualTo("sender-domain-rate");
            assertThat(hold.delay()).isEqualTo(Duration.ofMillis(1500));
            assertThat(hold.reason()).isEqualTo(Reason.LIMIT);
            assertThat(hold.signAs()).contains(new Domain("example.com"));
        });
    }

    @Test
    void aLimitNeverDelaysAMailUntilItExpires() {
        var verdict = LISTED.judge(SampleMail.plain().submission(Duration.ofDays(30)));
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Hold.class, hold -> assertThat(hold.delay()).isEqualTo(Duration.ofHours(24)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "From: a@example.com\r\nSubject: no empty line\r\n",
                "From: a@example.com\nSubject: bare LF\r\n\r\n",
                "From: a@example.com\rSubject: bare CR\r\n\r\n",
                "From: a@example.com\r\n\n\r\n\r\n",
                "From: a@example.com\r\n\r\n\r",
                "\n",
                "",
            })
    void aHeaderSectionThatIsNotWholeLinesIsRefused(String section) {
        assertRefused(LISTED, SampleMail.plain().headers(section), "message-shape", "554 5.6.0");
    }

    @Test
    void aMailWithoutABodyNeedsNoEmptyLine() {
        clear(SampleMail.plain().headers("From: a@example.com\r\n").body(new byte[0]));
        clear(SampleMail.plain().headers("From: a@example.com\r\n\r\n").body(new byte[0]));
    }

    @Test
    void aHundredHopsPassAndOneMoreIsALoop() {
        var rest = "From: a@example.com\r\n\r\n";
        clear(SampleMail.plain().headers("Received: x\r\n".repeat(100) + rest));
        assertRefused(
                LISTED, SampleMail.plain().headers("rEcEiVeD : x\r\n".repeat(101) + rest), "hop-count", "554 5.4.6");
    }

    @Test
    void onlyFieldsNamedReceivedAreHops() {
        var others = "Received-SPF: x\r\nX-Received: x\r\nSubject: a\r\n Received: x\r\nReceivedd: x\r\n".repeat(101);
        clear(SampleMail.plain().headers(others + "From: a@example.com\r\n\r\n"));
        clear(SampleMail.plain().headers("From: a@example.com\r\nRECEIVED\r\n").body(new byte[0]));
    }

    private static Verdict.Clear clear(SampleMail mail) {
        var verdict = LISTED.judge(mail.submission());
        assertThat(verdict).isInstanceOf(Verdict.Clear.class);
        return (Verdict.Clear) verdict;
    }

    private static void assertRefused(Judge judge, SampleMail mail, String rule, String reply) {
        assertThat(judge.judge(mail.submission())).isInstanceOfSatisfying(Verdict.Refuse.class, refused -> {
            assertThat(refused.by().rule()).isEqualTo(rule);
            assertThat(refused.reply().text()).startsWith(reply);
        });
    }
}
