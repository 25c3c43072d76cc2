package io.postmesh.delivery.owner;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.delivery.waiting.Identity;
import io.postmesh.mail.MailId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Who was finished lately (LEDGER L1, L18).
class FinishedMemoryTest {
    private static Identity who(int n) {
        return Identity.of(MailId.of(1_000, 0, n), 0);
    }

    @Test
    void itKeepsTwoHundredThousandAndWhateverMayStillBeReplayed() {
        var memory = new FinishedMemory();
        for (int i = 0; i < 200_100; i++) memory.add(who(i), i);
        memory.forget(50);
        assertThat(memory.size()).isEqualTo(200_050); // from 50 on they may be replayed
        memory.forget(Long.MAX_VALUE);
        assertThat(memory.size()).isEqualTo(200_000);
        assertThat(memory.contains(who(99))).isFalse();
        assertThat(memory.contains(who(100))).isTrue();
        assertThat(memory.oldest(0)).isEqualTo(100);
    }

    @Test
    void anEmptyMemoryNeedsNothingReadAgain() {
        assertThat(new FinishedMemory().oldest(77)).isEqualTo(77);
    }

    @Test
    void itsRingGrowsAndTurnsWithoutLosingAnybody() {
        var memory = new FinishedMemory(1_500);
        for (int i = 0; i < 20_000; i++) {
            memory.add(who(i), i);
            memory.forget(i);
            assertThat(memory.contains(who(i))).isTrue();
            assertThat(memory.contains(who(Math.max(0, i - 1_499)))).isTrue();
            assertThat(memory.contains(who(i - 1_500))).isFalse();
        }
        assertThat(memory.size()).isEqualTo(1_500);
    }

    @Test
    void positionsOfAMailAreDifferentPeople() {
        var seen = new HashSet<Identity>();
        var random = new Random(2);
        for (int i = 0; i < 1_000; i++) {
            var id = MailId.of(1_000 + i, random.nextLong(), random.nextLong());
            for (int position = 0; position < 100; position++)
                assertThat(seen.add(Identity.of(id, position))).isTrue();
        }
    }

    @Test
    void theTableAgreesWithAMap() {
        var random = new Random(6);
        var table = new IdentityTable();
        var map = new HashMap<Identity, Long>();
        for (int i = 0; i < 200_000; i++) {
            var key = who(random.nextInt(5_000));
            if (random.nextInt(3) == 0) {
                table.remove(key);
                map.remove(key);
            } else {
                table.put(key, i);
                map.put(key, (long) i);
            }
            var other = who(random.nextInt(5_000));
            assertThat(table.get(other)).isEqualTo(map.getOrDefault(other, IdentityTable.ABSENT));
        }
        assertThat(table.size()).isEqualTo(map.size());
    }
}
