package io.postmesh.delivery.owner;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdCompressCtx;
import io.postmesh.contract.Content;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a disk does to a body between the 250 and the remote.
class StoredBodyTest {
    private static final byte[] BODY =
            "Dear Ann,\r\nplease pay 1000 EUR until Monday.\r\n".repeat(30).getBytes(US_ASCII);
    private static final byte[] DAMAGED = new byte[0];

    @TempDir
    Path folder;

    private BlobStore store;

    @BeforeEach
    void open() throws IOException {
        store = FolderBlobStore.open(folder);
    }

    @Test
    void aBitThatTurnsAnywhereInItsFileNeverGivesAnotherBody() throws IOException {
        var frame = frame(true);
        var body = stored(frame);
        for (int bit = 0; bit < 8 * frame.length; bit++) {
            var turned = frame.clone();
            turned[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(file(body), turned);
            assertThat(read(body)).as("bit %d", bit).isIn(BODY, DAMAGED);
        }
    }

    @Test
    void anEndThatIsGoneIsDamage() throws IOException {
        var frame = frame(true);
        var body = stored(frame);
        for (int length = 1; length < frame.length; length++) {
            Files.write(file(body), Arrays.copyOf(frame, length));
            assertThat(read(body)).as("%d octets", length).isEqualTo(DAMAGED);
        }
    }

    @Test
    void damageIsNamedByItsKey() throws IOException {
        var body = stored("no frame at all".getBytes(US_ASCII));
        assertThatThrownBy(() -> body.open().readAllBytes())
                .isInstanceOf(DamagedBlob.class)
                .hasMessageContaining(key(body));
    }

    @Test
    void blobsOfBeforeTheChecksumAreRead() throws IOException {
        assertThat(read(stored(frame(false)))).isEqualTo(BODY);
    }

    @Test
    void oneThatIsGoneIsMissing() throws IOException {
        var body = stored(frame(true));
        store.delete(key(body));
        assertThatThrownBy(body::open).isInstanceOf(MissingBlob.class);
    }

    private StoredBody stored(byte[] bytes) throws IOException {
        String key;
        try (var blob = store.create()) {
            blob.write(bytes, 0, bytes.length);
            key = blob.commit();
        }
        var plain = Papers.envelope("bob@one.test");
        var content = new Content(
                BODY.length,
                new byte[32],
                new Content.BodyRef(Content.BodyRef.Encoding.ZSTD, Optional.of(key), BODY.length),
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

    private static byte[] frame(boolean checksum) {
        try (var compressor = new ZstdCompressCtx().setLevel(1).setChecksum(checksum)) {
            return compressor.compress(BODY);
        }
    }
}
