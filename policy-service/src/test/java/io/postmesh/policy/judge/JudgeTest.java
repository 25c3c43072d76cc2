package io.postmesh.policy.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postmesh.contract.Reason;
import io.postmesh.mail.Domain;
import io.postmesh.mail.SmtpReply;
import io.postmesh.policy.SampleMail;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JudgeTest {
    private static final SmtpReply NO = SmtpReply.of(554, "5.7.1 No");
    private static final Submission MAIL = SampleMail.plain().submission();

    @Test
    void aMailNoRuleObjectsToIsClearAndUnsigned() {
        assertThat(judge()).isEqualTo(new Verdict.Clear(new Ruling("no-objection", 7), Optional.empty()));
        assertThat(judge(rule("a", Finding.CLEAR))).isInstanceOf(Verdict.Clear.class);
    }

    @Test
    void theDomainARuleNamesIsTheOneToSignAs() {
        var domain = Domain.parse("example.com");
        assertThat(judge(rule("a", Finding.CLEAR), rule("b", new Finding.Clear(domain)), rule("c", Finding.CLEAR)))
                .isEqualTo(new Verdict.Clear(new Ruling("no-objection", 7), domain));
    }

    @Test
    void theFirstRefusalEndsTheHearingAndIsNamed() {
        Check unheard = _ -> {
            throw new AssertionError("asked after a refusal");
        };
        assertThat(judge(
                        rule("slow", hold(9)),
                        rule("first", new Finding.Refuse(NO)),
                        rule("second", new Finding.Refuse(SmtpReply.of(550, "other"))),
                        new Rule("unheard", unheard)))
                .isEqualTo(new Verdict.Refuse(new Ruling("first", 7), NO));
    }

    @Test
    void ofSeveralHoldsTheLongestCountsAndTheSignatureStays() {
        var domain = Domain.parse("example.com");
        assertThat(judge(
                        rule("short", hold(1)),
                        rule("long", hold(9)),
                        rule("middle", hold(5)),
                        rule("sign", new Finding.Clear(domain))))
                .isEqualTo(new Verdict.Hold(new Ruling("long", 7), domain, Duration.ofSeconds(9), Reason.LIMIT));
    }

    @Test
    void twoRulesOfOneNameCannotBeToldApart() {
        assertThatThrownBy(() -> judge(rule("a", Finding.CLEAR), rule("a", Finding.CLEAR)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("two rules named a");
    }

    @Test
    void aRefusalIsPermanentAndAHoldLasts() {
        assertThatThrownBy(() -> new Finding.Refuse(SmtpReply.of(450, "later")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Finding.Hold(Duration.ZERO, Reason.LIMIT))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Finding hold(int seconds) {
        return new Finding.Hold(Duration.ofSeconds(seconds), Reason.LIMIT);
    }

    private static Rule rule(String name, Finding finding) {
        return new Rule(name, _ -> finding);
    }

    private static Verdict judge(Rule... rules) {
        return new Judge(7, List.of(rules)).judge(MAIL);
    }
}
