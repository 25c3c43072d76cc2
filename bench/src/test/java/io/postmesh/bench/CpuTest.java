package io.postmesh.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CpuTest {
    @Test
    void aProgramsNameMayHaveBlanksAndBrackets() {
        var stat = "4711 (a) (b) S 1 4711 4711 0 -1 4194560 100 0 0 0 250 50 7 8 20 0 30 0 100 1 2 3";
        assertThat(Cpu.ticks(stat)).isEqualTo(300);
    }

    @Test
    void whatWasSpentIsToldPerMessageTheBusiestFirst() {
        var then = new LinkedHashMap<String, Long>();
        then.put("broker-1", 1_000L);
        then.put("signer-1", 0L);
        var now = new Cpu(Map.of("broker-1", 1_010L, "signer-1", 50L));
        assertThat(now.since(new Cpu(then), 100)).isEqualTo("6.00 ms a message: signer-1 5.00, broker-1 1.00");
    }

    @Test
    void thisProcessHasSpentSome() {
        var own = Map.of("own", ProcessHandle.current().pid());
        assertThat(Cpu.now(own).ticks().get("own")).isPositive();
    }
}
