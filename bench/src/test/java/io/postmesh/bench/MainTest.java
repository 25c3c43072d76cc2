package io.postmesh.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class MainTest {
    @Test
    void everyCommandExplainsItself() {
        for (var command : new String[] {"relay", "latency", "jmh"}) {
            var out = new StringWriter();
            int code = Main.commands().setOut(new PrintWriter(out)).execute(command, "--help");
            assertThat(code).isZero();
            assertThat(out.toString()).startsWith("Usage: bench " + command);
        }
    }

    @Test
    void aMissingLauncherIsOneSentence() {
        var err = new StringWriter();
        System.setProperty("postmesh.home", "/nowhere/.postmesh");
        try {
            int code = Main.commands().setErr(new PrintWriter(err)).execute("latency", "--dir", "target");
            assertThat(code).isEqualTo(1);
            assertThat(err.toString())
                    .startsWith("bench: no launcher at /nowhere/postmesh")
                    .hasLineCount(1);
        } finally {
            System.clearProperty("postmesh.home");
        }
    }

    @Test
    void aFolderThatCannotBeUsedIsOneLine() {
        var err = new StringWriter();
        int code = Main.commands().setErr(new PrintWriter(err)).execute("latency", "--dir", "/proc/nowhere");
        assertThat(code).isEqualTo(1);
        assertThat(err.toString())
                .startsWith("bench: ")
                .contains("/proc/nowhere")
                .hasLineCount(1);
    }
}
