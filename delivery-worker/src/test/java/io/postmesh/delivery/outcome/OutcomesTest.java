package io.postmesh.delivery.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.contract.Reason;
import io.postmesh.contract.Recipient;
import io.postmesh.mail.MailAddress;
import io.postmesh.mail.SmtpReply;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OutcomesTest {
    private static final Recipient ANN = new Recipient(0, address("ann@one.test"));
    private static final Recipient BOB = new Recipient(1, address("bob@one.test"));

    @ParameterizedTest
    @EnumSource(Step.class)
    void a421IsAlwaysTransientAndAboutMoreThanTheMail(Step step) {
        assertThat(Outcomes.judge(step, SmtpReply.of(421, "4.3.2 bye")))
                .isInstanceOf(Verdict.Deferred.class)
                .matches(Outcomes::isSetback);
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void whatBreaksIsNeverFinal(Fault fault) {
        for (var step : Step.values()) {
            assertThat(Outcomes.judge(step, fault))
                    .isInstanceOf(Verdict.Deferred.class)
                    .matches(Outcomes::isSetback);
        }
    }

    @Test
    void onlyThesePermanentRepliesAreFinal() {
        var finals = EnumSet.noneOf(Step.class);
        for (var step : Step.values()) {
            if (Outcomes.judge(step, SmtpReply.of(550, "5.7.1 no")) instanceof Verdict.Failed) finals.add(step);
        }
        assertThat(finals).containsExactlyInAnyOrder(Step.HELLO, Step.MAIL, Step.RCPT, Step.DATA, Step.CONTENT);
    }

    // RFC 5321 §4.5.3.1.10
    @Test
    void tooManyRecipientsIsTransientByItsOldCodeToo() {
        assertThat(Outcomes.judge(Step.RCPT, SmtpReply.of(552, "5.5.3 too many")))
                .isInstanceOf(Verdict.Deferred.class);
        assertThat(Outcomes.judge(Step.CONTENT, SmtpReply.of(552, "5.3.4 too big")))
                .isInstanceOf(Verdict.Failed.class);
    }

    @ParameterizedTest
    @CsvSource({
        "450, 4.7.1 try again, GREYLISTED",
        "451, 4.7.1 try again, GREYLISTED",
        "450, 4.2.0 Greylisted for 5 minutes, GREYLISTED",
        "451, You have been graylisted, GREYLISTED",
        "452, 4.7.1 try again, PUT_OFF",
        "450, 4.2.1 busy, PUT_OFF"
    })
    void greylistingIsRecognised(int code, String text, Reason reason) {
        assertThat(Outcomes.judge(Step.RCPT, SmtpReply.of(code, text)).reason()).isEqualTo(reason);
    }

    @Test
    void aDeferralOutlivesTheRefusalOfAnotherHost() {
        var deferred = Outcomes.judge(Step.CONNECT, Fault.UNREACHABLE);
        var failed = Outcomes.judge(Step.HELLO, SmtpReply.of(550, "no"));
        assertThat(standing(deferred, failed)).isEqualTo(deferred);
        assertThat(standing(failed, deferred)).isEqualTo(deferred);
        assertThat(standing(failed, failed)).isEqualTo(failed);
    }

    private static Verdict standing(Verdict... setbacks) {
        var tally = new Tally(List.of(ANN));
        for (var setback : setbacks) tally.setback(setback);
        return tally.results().getFirst().verdict();
    }

    @Test
    void eachRecipientIsSettledOnce() {
        var tally = new Tally(List.of(ANN, BOB));
        var delivered = new Verdict.Delivered(SmtpReply.of(250, "fine"));
        var later = new Verdict.Deferred(Reason.PUT_OFF, Optional.empty(), Scope.RECIPIENT);
        tally.settle(BOB, later);
        tally.settleOpen(delivered);
        tally.settle(BOB, delivered);
        assertThat(tally.results()).containsExactly(new Result(BOB, later), new Result(ANN, delivered));
    }

    @ParameterizedTest
    @EnumSource(Reason.class)
    void everyReasonHasACode(Reason reason) {
        assertThat(OwnStatus.permanent(reason).klass()).isEqualTo(5);
        assertThat(OwnStatus.persistentTransient(reason).klass()).isEqualTo(4);
    }

    private static MailAddress address(String text) {
        return MailAddress.parse(text).orElseThrow();
    }
}
