package io.postmesh.blobs.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postmesh.lab.s3.S3Server;
import io.postmesh.runtime.blob.BlobKeys;
import io.postmesh.runtime.blob.BlobMark;
import io.postmesh.runtime.blob.BlobStore;
import io.postmesh.runtime.blob.MissingBlob;
import io.postmesh.runtime.settings.Secret;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;

class S3BlobStoreTest {
    private static S3Server server;
    private static int number;

    private Wire wire;
    private String prefix;
    private S3BlobStore store;

    @BeforeAll
    static void serve() throws Exception {
        server = S3Server.open();
    }

    @AfterAll
    static void close() throws Exception {
        server.close();
    }

    @BeforeEach
    void open() throws IOException {
        wire = Wire.to(server.port());
        prefix = "mesh-" + number++ + "/";
        store = S3BlobStore.open(config("mail", S3Server.SECRET, wire.port()));
    }

    @AfterEach
    void hangUp() throws IOException {
        store.close();
        wire.close();
    }

    @Test
    void itIsMarkedOnceAndKeepsItsMarkUnderAnotherAddress() throws IOException {
        assertThat(store.mark()).isEmpty();
        var unclaimed = new BlobMark(BlobKeys.next(), Optional.empty());
        assertThat(store.mark(unclaimed)).isEqualTo(unclaimed);
        var mark = unclaimed.of("mesh");
        assertThat(store.mark(BlobMark.next("mesh"))).isEqualTo(mark);
        assertThat(store.mark(BlobMark.next("another"))).isEqualTo(mark);
        store.confirm();
        try (var same = S3BlobStore.open(config("mail", S3Server.SECRET, server.port()))) {
            assertThat(same.mark()).contains(mark);
        }
        try (var all = store.list()) {
            assertThat(all).isEmpty();
        }
        prefix = "another-" + prefix;
        try (var other = S3BlobStore.open(config("mail", S3Server.SECRET, server.port()))) {
            assertThat(other.mark()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 300_000, S3Blob.PART - 1, S3Blob.PART, S3Blob.PART + 1, 3 * S3Blob.PART + 17})
    void whatWasWrittenReadsBackByteForByte(int length) throws IOException {
        var bytes = bytes(length);
        var key = write(bytes);
        assertThat(read(key)).isEqualTo(bytes);
        assertThat(stored()).singleElement().satisfies(blob -> {
            assertThat(blob.key()).isEqualTo(key);
            assertThat(blob.bytes()).isEqualTo(length);
            assertThat(blob.since())
                    .isBetween(Instant.now().minusSeconds(600), Instant.now().plusSeconds(60));
        });
        assertThat(uploads()).isZero();
    }

    @Test
    void anUnfinishedBlobIsInvisibleAndLeavesNothingWhenClosed() throws IOException {
        try (var writer = store.create()) {
            send(writer, bytes(2 * S3Blob.PART));
            assertThat(stored()).isEmpty();
            assertThat(uploads()).isEqualTo(1);
        }
        assertThat(stored()).isEmpty();
        assertThat(uploads()).isZero();
    }

    @Test
    void aCommittedBlobOutlivesTheCloseOfItsWriter() throws IOException {
        String key;
        try (var writer = store.create()) {
            send(writer, bytes(S3Blob.PART + 5));
            key = writer.commit();
        }
        assertThat(read(key)).hasSize(S3Blob.PART + 5);
    }

    @Test
    void whatADeadProcessDidNotFinishGoesWhenItIsOldEnough() throws IOException {
        var abandoned = store.create();
        send(abandoned, bytes(S3Blob.PART));
        store.removeAbandoned(Instant.now().minus(Duration.ofDays(1)));
        assertThat(uploads()).isEqualTo(1);
        store.removeAbandoned(Instant.now().plusSeconds(60));
        assertThat(uploads()).isZero();
    }

    @Test
    void aKeyThatNamesNothingOrIsNoneIsAMissingBlob() throws IOException {
        server.operator()
                .putObject(put -> put.bucket("mail").key(prefix + "secret.txt"), RequestBody.fromString("not a blob"));
        for (var key : List.of("0".repeat(32), "secret.txt", "", "../" + prefix + "secret.txt", "A".repeat(32)))
            assertThatThrownBy(() -> store.open(key)).isInstanceOf(MissingBlob.class);
        store.delete("0".repeat(32));
        store.delete("secret.txt");
        assertThat(server.operator()
                        .getObjectAsBytes(get -> get.bucket("mail").key(prefix + "secret.txt"))
                        .asUtf8String())
                .isEqualTo("not a blob");
        assertThat(stored()).isEmpty();
    }

    @Test
    void aDeletedBlobIsGone() throws IOException {
        var key = write(bytes(10));
        store.delete(key);
        assertThat(stored()).isEmpty();
        assertThatThrownBy(() -> store.open(key)).isInstanceOf(MissingBlob.class);
    }

    @Test
    void theListHasMorePagesThanOneAndNobodyElsesBlobs() throws IOException {
        var keys = new ArrayList<String>();
        for (int i = 0; i < 1_010; i++) keys.add(write(new byte[] {1}));
        prefix = "mesh-" + number++ + "/";
        try (var other = S3BlobStore.open(config("mail", S3Server.SECRET, wire.port()));
                var all = other.list()) {
            assertThat(all).isEmpty();
        }
        assertThat(stored()).extracting(BlobStore.Stored::key).containsExactlyInAnyOrderElementsOf(keys);
    }

    @Test
    void aConnectionThatBreaksWhileAPartIsSentIsTriedAgain() throws IOException {
        var bytes = bytes(2 * S3Blob.PART + 3);
        wire.cutUpAfter(S3Blob.PART / 2);
        assertThat(read(write(bytes))).isEqualTo(bytes);
    }

    @Test
    void aBlobThatBreaksOffWhileItIsReadIsAnErrorAndNoShorterMail() throws IOException {
        var key = write(bytes(3_000_000));
        wire.cutDownAfter(1_000_000);
        assertThatThrownBy(() -> read(key)).isInstanceOf(IOException.class);
        assertThat(read(key)).hasSize(3_000_000);
    }

    @Test
    void aServerThatFallsSilentIsAnErrorInTime() throws IOException {
        var writer = store.create();
        send(writer, bytes(1_000));
        wire.fallSilent();
        assertThatThrownBy(writer::commit).isInstanceOf(IOException.class).hasMessageContaining("S3 write");
        writer.abort();
    }

    @Test
    void whatCannotWorkIsSaidAtTheStartInOneSentence() throws IOException {
        refuses(config("mail", "another-secret", wire.port()), "s3://mail/" + prefix);
        refuses(config("no-such-bucket", S3Server.SECRET, wire.port()), "s3://no-such-bucket/" + prefix);
        int nobody;
        try (var free = new ServerSocket(0)) {
            nobody = free.getLocalPort();
        }
        refuses(config("mail", S3Server.SECRET, nobody), "http://127.0.0.1:" + nobody);
    }

    private static void refuses(S3Config config, String named) {
        assertThatThrownBy(() -> S3BlobStore.open(config))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(named)
                .hasMessageNotContaining("another-secret")
                .hasMessageNotContaining("\n");
    }

    private S3Config config(String bucket, String secret, int port) {
        return new S3Config(
                S3Place.parse("s3://" + bucket + "/" + prefix),
                Optional.of(URI.create("http://127.0.0.1:" + port)),
                "us-east-1",
                true,
                Optional.of(new S3Config.Keys(S3Server.KEY, new Secret(secret))));
    }

    private String write(byte[] bytes) throws IOException {
        try (var writer = store.create()) {
            send(writer, bytes);
            return writer.commit();
        }
    }

    private static void send(BlobStore.Writer writer, byte[] bytes) throws IOException {
        for (int at = 0; at < bytes.length; at += 65_536) writer.write(bytes, at, Math.min(65_536, bytes.length - at));
    }

    private byte[] read(String key) throws IOException {
        try (var in = store.open(key)) {
            return in.readAllBytes();
        }
    }

    private List<BlobStore.Stored> stored() throws IOException {
        try (var all = store.list()) {
            return all.toList();
        }
    }

    private long uploads() {
        return server.operator()
                .listMultipartUploads(list -> list.bucket("mail").prefix(prefix))
                .uploads()
                .size();
    }

    private static byte[] bytes(int length) {
        var bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
