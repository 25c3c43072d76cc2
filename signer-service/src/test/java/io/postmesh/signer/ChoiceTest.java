package io.postmesh.signer;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.signer.Choice.Leave;
import io.postmesh.signer.Choice.Sign;
import io.postmesh.signer.Choice.Why;
import io.postmesh.signer.keys.TestKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChoiceTest {
    @Test
    void theFromDomainSignsWhenPolicyAllowsItAndItsKeyIsHere() {
        var choice = Choice.of(Mails.from("example.org", "example.org").envelope(), TestKeys.ring());
        assertThat(choice).isEqualTo(new Sign(TestKeys.BOTH));
    }

    // Nobody signs for another one: not a parent, not a subdomain, not the domain policy named for another From.
    @ParameterizedTest
    @CsvSource({
        "example.org, , NOT_ALLOWED",
        "example.org, other.test, NOT_ALLOWED",
        "sub.example.org, example.org, NOT_ALLOWED",
        "other.test, example.org, NOT_ALLOWED",
        "sub.example.org, sub.example.org, NO_KEY",
        "other.test, other.test, NO_KEY",
        ", example.org, NO_FROM_DOMAIN",
        ", , NO_FROM_DOMAIN"
    })
    void everythingElseIsLeftUnsignedWithItsReason(String from, String signAs, Why why) {
        assertThat(Choice.of(Mails.from(from, signAs).envelope(), TestKeys.ring()))
                .isInstanceOfSatisfying(
                        Leave.class, leave -> assertThat(leave.why()).isEqualTo(why));
    }
}
