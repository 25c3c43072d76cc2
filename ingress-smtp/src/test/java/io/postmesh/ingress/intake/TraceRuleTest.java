package io.postmesh.ingress.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postmesh.ingress.session.Client;
import io.postmesh.mail.MailAddress;
import io.postmesh.mail.ReversePath;
import io.postmesh.runtime.settings.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceRuleTest {
    private static final Client TRUSTED = new Client("10.1.2.3", "10.1.2.0/24", true);
    private static final Client STRANGER = new Client("192.0.2.9", "192.0.2.0/24", false);

    @Test
    void onlyTrustedClientsAreBelievedUnlessNobodyIs() {
        assertThat(rule("POSTMESH_TRACE_PARENT", "trusted").believes(TRUSTED)).isTrue();
        assertThat(rule("POSTMESH_TRACE_PARENT", "trusted").believes(STRANGER)).isFalse();
        assertThat(rule("POSTMESH_TRACE_PARENT", "nobody").believes(TRUSTED)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "ann@example.org, 0.2",
        "ann@news.example.org, 0.7",
        "ann@deep.news.example.org, 0.7",
        "ann@other.test, 0.5",
        "ann@badexample.org, 0.5"
    })
    void theNearestNameOfTheSenderThenTheNetworkThenTheRest(String sender, double ratio) {
        var rule = rule("POSTMESH_TRACE_RATIO", "0.1, example.org=0.2 10.1.0.0/16=0.5 news.example.org=0.7");
        var from = new ReversePath.Mailbox(MailAddress.parse(sender).orElseThrow());
        assertThat(rule.ratio(TRUSTED, from)).isEqualTo(ratio);
    }

    @Test
    void whoeverIsNotNamedHasTheRatioOfTheRest() {
        var rule = rule("POSTMESH_TRACE_RATIO", "0.1 example.org=0.2 10.1.0.0/16=0.5 [2001:db8::]/32=1");
        assertThat(rule.ratio(STRANGER, ReversePath.NULL)).isEqualTo(0.1);
        assertThat(rule.ratio(new Client("2001:db8::7", "2001:db8::/64", true), ReversePath.NULL))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "-0.1", "NaN", "much", "example.org=", "exa mple=x", "10.0.0.1/8=1", "=1"})
    void whatIsNoRatioIsSaid(String text) {
        var settings = Settings.load(Map.of("POSTMESH_TRACE_RATIO", text), Map.of());
        TraceRule.from(settings);
        assertThatThrownBy(settings::check).hasMessageContaining("POSTMESH_TRACE_RATIO: ");
    }

    private static TraceRule rule(String name, String value) {
        return TraceRule.from(Settings.load(Map.of(name, value), Map.of()));
    }
}
