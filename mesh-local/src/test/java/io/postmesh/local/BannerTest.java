package io.postmesh.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.runtime.settings.HostPort;
import io.postmesh.runtime.settings.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BannerTest {
    private static final HostPort SMTP = new HostPort("127.0.0.1", 2525);

    @Test
    void theCommandSendsFromADomainThatMaySend() throws Exception {
        var limited = Settings.load(Map.of(), Map.of("ALLOWED_SENDER_DOMAINS", "example.org other.test"));
        assertThat(Banner.command(SMTP, Playground.sender(limited)))
                .contains("'From: me@example.org\\nTo: ", " --mail-from me@example.org ");
    }

    @Test
    void whereAllMaySendTheCommandSendsFromTheDemoDomain() throws Exception {
        var open = Settings.load(Map.of(), Map.of());
        assertThat(Banner.command(SMTP, Playground.sender(open)))
                .contains("'From: me@demo.test\\nTo: ", " --mail-from me@demo.test ");
    }
}
