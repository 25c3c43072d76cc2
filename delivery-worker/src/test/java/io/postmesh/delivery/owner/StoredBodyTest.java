package io.postmesh.delivery.owner;

import static io.postmesh.contract.Content.BodyRef.Encoding.IDENTITY;
import static io.postmesh.contract.Content.BodyRef.Encoding.ZSTD;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdCompressCtx;
import io.postmesh.contract.Content;
import io.postmesh.contract.Content.BodyRef.Encoding;
import io.postmesh.contract.MailRecord;
import io.postmesh.contract.Slice;
import io.postmesh.runtime.blob.BlobStore;
import io.postmesh.runtime.blob.DamagedBlob;
import io.postmesh.runtime.blob.FolderBlobStore;
import io.postmesh.runtime.blob.MissingBlob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a disk does to a body between the 250 and the remote.
class StoredBodyTest {
    private static final byte[] BODY =
            "Dear Ann,\r\nplease pay 1000 EUR until Monday.\r\n".repeat(10).getBytes(US_ASCII);
    private static final byte[] DAMAGED = "damaged".getBytes(US_ASCII);

    @TempDir
    Path folder;

    private BlobStore store;

    @BeforeEach
    void open() throws IOException {
        store = FolderBlobStore.open(folder);
    }

    @Test
    void aBitThatTurnsAnywhereInItsFileNeverGivesAnotherBody() throws IOException {
        for (var how : Stored.values()) eachBitTurned(stored(how), how.bytes());
    }

    private void eachBitTurned(StoredBody body, byte[] bytes) throws IOException {
        for (int bit = 0; bit < 8 * bytes.length; bit++) {
            var turned = bytes.clone();
            turned[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(file(body), turned);
            assertThat(read(body)).as("bit %d", bit).isIn(BODY, DAMAGED);
        }
    }

    @Test
    void norDoesAnyOtherDamage() throws IOException {
        var random = new Random(11);
        for (var how : Stored.values()) {
            var body = stored(how);
            for (int round = 0; round < 1_000; round++) {
                var bytes = damaged(how.bytes(), random);
                Files.write(file(body), bytes);
                assertThat(read(body)).as("%s, %d", how, round).isIn(BODY, DAMAGED);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEndThatIsGoneIsDamage(Stored how) throws IOException {
        var body = stored(how);
        for (int length = 0; length < how.bytes().length; length++) {
            Files.write(file(body), Arrays.copyOf(how.bytes(), length));
            assertThat(read(body)).as("%d octets", length).isEqualTo(DAMAGED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theBodyOfAnotherMailOfTheSameLengthIsDamage(Stored how) throws IOException {
        var body = stored(how);
        var other = BODY.clone();
        other[20] = '9';
        Files.write(file(body), how.bytes(other));
        assertThatThrownBy(() -> body.open().readAllBytes())
                .isInstanceOf(DamagedBlob.class)
                .hasMessageContaining(key(body));
    }

    @Test
    void readOctetByOctetOrWithLeapsItIsCheckedToo() throws IOException {
        var body = stored(Stored.PLAIN);
        var turned = BODY.clone();
        turned[7] ^= 1;
        Files.write(file(body), turned);
        try (var in = body.open()) {
            in.skipNBytes(100);
            for (int i = 100; i < BODY.length; i++) assertThat(in.read()).isEqualTo(BODY[i]);
            assertThatThrownBy(in::read).isInstanceOf(DamagedBlob.class);
        }
    }

    @Test
    void damageIsNamedByItsKey() throws IOException {
        var body = stored("no frame at all".getBytes(US_ASCII), ZSTD, OptionalInt.empty());
        assertThatThrownBy(() -> body.open().readAllBytes())
                .isInstanceOf(DamagedBlob.class)
                .hasMessageContaining(key(body));
    }

    @Test
    void blobsOfBeforeTheChecksumsAreRead() throws IOException {
        assertThat(read(stored(frame(BODY, false), ZSTD, OptionalInt.empty()))).isEqualTo(BODY);
        assertThat(read(stored(frame(BODY, true), ZSTD, OptionalInt.empty()))).isEqualTo(BODY);
        assertThat(read(stored(BODY, IDENTITY, OptionalInt.empty()))).isEqualTo(BODY);
    }

    @Test
    void oneThatIsGoneIsMissing() throws IOException {
        var body = stored(Stored.ZIPPED);
        store.delete(key(body));
        assertThatThrownBy(body::open).isInstanceOf(MissingBlob.class);
    }

    enum Stored {
        PLAIN,
        ZIPPED;

        byte[] bytes() {
            return bytes(BODY);
        }

        byte[] bytes(byte[] body) {
            return this == ZIPPED ? frame(body, true) : body;
        }
    }

    private StoredBody stored(Stored how) throws IOException {
        var bytes = how.bytes();
        var sum = new CRC32C();
        sum.update(bytes);
        return stored(bytes, how == Stored.ZIPPED ? ZSTD : IDENTITY, OptionalInt.of((int) sum.getValue()));
    }

    private StoredBody stored(byte[] bytes, Encoding encoding, OptionalInt sum) throws IOException {
        String key;
        try (var blob = store.create()) {
            blob.write(bytes, 0, bytes.length);
            key = blob.commit();
        }
        var plain = Papers.envelope("bob@one.test");
        var content = new Content(
                BODY.length,
                new byte[32],
                new Content.BodyRef(encoding, Optional.of(key), BODY.length, sum),
                false,
                false,
                Optional.empty(),
                "<1@sender.test>");
        return new StoredBody(new MailRecord(plain.with(content), Slice.EMPTY, Slice.EMPTY), store);
    }

    private static byte[] read(StoredBody body) throws IOException {
        try (var in = body.open()) {
            return in.readAllBytes();
        } catch (DamagedBlob e) {
            return DAMAGED;
        }
    }

    private static String key(StoredBody body) {
        return body.mail().envelope().content().body().blob().orElseThrow();
    }

    private Path file(StoredBody body) {
        var key = key(body);
        return folder.resolve(key.substring(0, 2)).resolve(key.substring(2, 4)).resolve(key);
    }

    private static byte[] frame(byte[] body, boolean checksum) {
        try (var compressor = new ZstdCompressCtx().setLevel(1).setChecksum(checksum)) {
            return compressor.compress(body);
        }
    }

    private static byte[] damaged(byte[] stored, Random random) {
        var bytes =
                random.nextInt(4) == 0 ? Arrays.copyOf(stored, random.nextInt(stored.length + 600)) : stored.clone();
        for (int i = random.nextInt(4); i >= 0 && bytes.length > 0; i--) {
            int from = random.nextInt(bytes.length);
            int to = Math.min(bytes.length, from + random.nextInt(1, 600));
            switch (random.nextInt(3)) {
                case 0 -> Arrays.fill(bytes, from, to, (byte) 0);
                case 1 -> bytes[from] ^= (byte) (1 << random.nextInt(8));
                default -> System.arraycopy(stored, 0, bytes, from, Math.min(to - from, stored.length));
            }
        }
        return bytes;
    }
}
