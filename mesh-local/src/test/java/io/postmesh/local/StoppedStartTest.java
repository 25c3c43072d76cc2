package io.postmesh.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class StoppedStartTest {
    @Test
    void aSignalDuringTheStartIsNoDefect() {
        var said = new StringWriter();
        assertThat(Main.complain(new CancellationException("stopped"), new PrintWriter(said)))
                .isEqualTo(Main.FAILED);
        assertThat(said.toString()).isEmpty();
    }
}
