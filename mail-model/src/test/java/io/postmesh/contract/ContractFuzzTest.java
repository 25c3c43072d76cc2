package io.postmesh.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Whatever lies in a topic: a record that encodes and decodes to itself, or BadRecord. Nothing else may come out, or
/// one record would stop a partition.
class ContractFuzzTest {
    @FuzzTest(maxDuration = "30s")
    void mailRecords(byte[] bytes) {
        try {
            var mail = RecordCodec.decode(bytes);
            assertThat(RecordCodec.decode(RecordCodec.encode(mail))).isEqualTo(mail);
        } catch (BadRecord expected) {
            assertThat(expected).hasMessageNotContaining("null");
        }
    }

    @FuzzTest(maxDuration = "30s")
    void ledgerLines(byte[] bytes) {
        decode(bytes, b -> LedgerCodec.encode(LedgerCodec.outcome(b)));
        decode(bytes, b -> LedgerCodec.encode(LedgerCodec.waiting(b)));
        decode(bytes, b -> LedgerCodec.encode(LedgerCodec.journey(b)));
    }

    @Test
    void fiftyThousandDamagedRecords() {
        var random = new Random(20_240_229);
        var seeds = seeds();
        for (int round = 0; round < 50_000; round++) {
            var bytes = damaged(seeds.get(random.nextInt(seeds.size())), random);
            mailRecords(bytes);
            ledgerLines(bytes);
        }
    }

    @Test
    void tenThousandRecordsOfNoise() {
        var random = new Random(7);
        for (int round = 0; round < 10_000; round++) {
            var noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            if (noise.length > 0 && random.nextBoolean()) noise[0] = 1;
            mailRecords(noise);
            ledgerLines(noise);
        }
    }

    private static List<byte[]> seeds() {
        var seeds = new ArrayList<byte[]>();
        Samples.mails().values().forEach(m -> seeds.add(RecordCodec.encode(m)));
        Samples.outcomes().values().forEach(o -> seeds.add(LedgerCodec.encode(o)));
        Samples.waitings().values().forEach(w -> seeds.add(LedgerCodec.encode(w)));
        seeds.add(LedgerCodec.encode(Samples.journey()));
        return seeds;
    }

    private static byte[] damaged(byte[] seed, Random random) {
        var bytes = random.nextInt(4) == 0 ? Arrays.copyOf(seed, random.nextInt(seed.length + 8)) : seed.clone();
        for (int i = 1 + random.nextInt(4); i > 0 && bytes.length > 0; i--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(3)) {
                case 0 -> bytes[at] = (byte) random.nextInt();
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                default -> bytes[at] = (byte) (random.nextBoolean() ? 0xff : 0);
            }
        }
        return bytes;
    }

    private interface Decoding {
        byte[] encodedAgain(byte[] bytes) throws BadRecord;
    }

    private static void decode(byte[] bytes, Decoding decoding) {
        try {
            var again = decoding.encodedAgain(bytes);
            assertThat(decoding.encodedAgain(again)).isEqualTo(again);
        } catch (BadRecord expected) {
            assertThat(expected.getMessage()).isNotEmpty();
        }
    }
}
