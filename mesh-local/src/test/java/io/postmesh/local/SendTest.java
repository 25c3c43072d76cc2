package io.postmesh.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// `./postmesh send --wait`: green is delivered, and nothing else is.
class SendTest {
    private static TestMesh mesh;

    private record Said(int code, String out, String err) {}

    @BeforeAll
    static void open() throws Exception {
        mesh = TestMesh.with("POSTMESH_RETRY_SCHEDULE", "1h").start();
    }

    @AfterAll
    static void close() {
        mesh.close();
    }

    private static Said send(String wait, String... more) {
        var out = new StringWriter();
        var err = new StringWriter();
        var all = new ArrayList<>(List.of("send", "--server", mesh.smtp().toString(), "--wait", wait));
        all.addAll(List.of(more));
        var kafka = mesh.node().platform().kafka().bootstrap();
        all.addAll(List.of("-s", "POSTMESH_KAFKA_BOOTSTRAP=" + kafka, "-s", "POSTMESH_KAFKA_REPLICAS=1"));
        int code = Main.commands()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(all.toArray(String[]::new));
        return new Said(code, out.toString(), err.toString());
    }

    @Test
    void whatEverybodyHasIsDelivered() {
        var said = send("1m", "--to", "ann@send.test,ben@other.test,ann@send.test");
        assertThat(said.code()).as(said.toString()).isZero();
        assertThat(said.out())
                .contains("250 2.0.0 Ok")
                .containsPattern("(?m)^delivered  ann@send\\.test .*reply=\"250 ")
                .containsPattern("(?m)^delivered  ben@other\\.test ");
        assertThat(mesh.sink().inbox().to("ann@send.test")).hasSize(1);
    }

    @Test
    void whatARecipientRefusesIsNotDeliveredAlthoughItWasTaken() {
        var said = send("1m", "--to", "reject@send.test,ok@send.test");
        assertThat(said.code()).as(said.toString()).isEqualTo(Main.FAILED);
        assertThat(said.out())
                .contains("250 2.0.0 Ok")
                .containsPattern("(?m)^failed  reject@send\\.test reason=refused .*reply=\"55")
                .containsPattern("(?m)^not delivered; 'queue why [0-9A-Z]{26}'");
    }

    @Test
    void whatIsPutOffIsNotDelivered() {
        var said = send("10s", "--to", "tempfail@send.test");
        assertThat(said.code()).as(said.toString()).isEqualTo(Main.FAILED);
        assertThat(said.out())
                .containsPattern("(?m)^deferred  tempfail@send\\.test reason=\\S+ .*reply=\"4")
                .contains("not delivered in 10 s, and not given up");
    }

    @Test
    void aTimeThatIsNoneIsRefusedBeforeAMailGoes() {
        var said = send("soon", "--to", "early@send.test");
        assertThat(said.code()).isEqualTo(Main.USAGE);
        assertThat(said.err()).contains("--wait: 'soon'");
        assertThat(said.out()).isEmpty();
    }
}
