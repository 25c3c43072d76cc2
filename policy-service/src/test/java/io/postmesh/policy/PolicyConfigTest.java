package io.postmesh.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.postmesh.contract.Route;
import io.postmesh.mail.Domain;
import io.postmesh.policy.rules.SenderRule;
import io.postmesh.runtime.settings.BadSettings;
import io.postmesh.runtime.settings.Settings;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PolicyConfigTest {
    @Test
    void allowedDomainsAreReadInAnyFormPeopleWriteThem() throws BadSettings {
        var config = config(Map.of("ALLOWED_SENDER_DOMAINS", "Example.com, faß.de\texample.org"));
        assertThat(config.rules().senders())
                .isEqualTo(new SenderRule.Listed(
                        Set.of(new Domain("example.com"), new Domain("xn--fa-hia.de"), new Domain("example.org"))));
    }

    @Test
    void aListCountsMoreThanTheLeaveToHaveNone() throws BadSettings {
        assertThat(config(Map.of("ALLOWED_SENDER_DOMAINS", "a.test", "ALLOW_EMPTY_SENDER_DOMAINS", "true"))
                        .rules()
                        .senders())
                .isInstanceOf(SenderRule.Listed.class);
        assertThat(config(Map.of("ALLOW_EMPTY_SENDER_DOMAINS", "0")).rules().senders())
                .isEqualTo(new SenderRule.Any());
    }

    @Test
    void withNeitherNameNobodyMaySend() throws BadSettings {
        assertThat(config(Map.of()).rules().senders()).isEqualTo(new SenderRule.Listed(Set.of()));
    }

    @Test
    void aRelayIsARouteByNameWhateverItsAddress() throws BadSettings {
        assertThat(config(Map.of()).route()).isEqualTo(Route.MX);
        assertThat(config(Map.of("RELAYHOST", "")).route()).isEqualTo(Route.MX);
        assertThat(config(Map.of("RELAYHOST", "[10.0.0.1]:2525")).route()).isEqualTo(Route.RELAYHOST);
    }

    @Test
    void aSenderRateIsALimitAndAChangeOfTheRules() throws BadSettings {
        assertThat(config(Map.of()).senderRate()).isEmpty();
        var limited = config(Map.of("POSTMESH_SENDER_DOMAIN_RATE", "100/s"));
        assertThat(limited.senderRate())
                .hasValueSatisfying(rate -> assertThat(rate.limit()).isEqualTo(100));
        assertThat(limited.rules().version())
                .isNotEqualTo(config(Map.of()).rules().version());
    }

    @Test
    void everythingWrongIsSaidAtOnceAndByName() {
        var settings = Settings.load(
                Map.of(),
                Map.of("ALLOWED_SENDER_DOMAINS", "ok.test a..b [1.2.3.4]", "POSTMESH_SENDER_DOMAIN_RATE", "fast"));
        PolicyConfig.from(settings);
        assertThatExceptionOfType(BadSettings.class)
                .isThrownBy(settings::check)
                .satisfies(bad -> assertThat(bad.getMessage())
                        .contains("ALLOWED_SENDER_DOMAINS: 'a..b' is no domain name")
                        .contains("ALLOWED_SENDER_DOMAINS: '[1.2.3.4]' is no domain name")
                        .contains("POSTMESH_SENDER_DOMAIN_RATE: 'fast'"));
    }

    private static PolicyConfig config(Map<String, String> env) throws BadSettings {
        var settings = Settings.load(Map.of(), env);
        var config = PolicyConfig.from(settings);
        settings.check();
        return config;
    }
}
