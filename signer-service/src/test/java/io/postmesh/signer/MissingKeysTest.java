package io.postmesh.signer;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.mail.MailId;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MissingKeysTest {
    private static final MailId ID = MailId.of(0, 0, 0);
    private final MissingKeys missing = new MissingKeys(Path.of("keys"));

    @Test
    void aDomainIsNamedOnce() {
        assertThat(missing.note(ID, "a.test")).isTrue();
        assertThat(missing.note(ID, "a.test")).isFalse();
        assertThat(missing.note(ID, "b.test")).isTrue();
    }

    @Test
    void strangersCannotFillTheMemoryOrTheLog() {
        int said = 0;
        for (int i = 0; i < 10 * MissingKeys.MOST; i++) if (missing.note(ID, "d" + i + ".test")) said++;
        assertThat(said).isEqualTo(MissingKeys.MOST + 1); // the last one says that there will be no more
    }
}
