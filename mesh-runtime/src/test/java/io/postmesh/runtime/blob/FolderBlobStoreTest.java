package io.postmesh.runtime.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FolderBlobStoreTest {
    @TempDir
    Path folder;

    private BlobStore store;

    @BeforeEach
    void open() throws IOException {
        store = FolderBlobStore.open(folder);
    }

    @Test
    void whatWasWrittenReadsBackByteForByteAlsoAfterARestart() throws IOException {
        var bytes = new byte[300_000];
        new Random(1).nextBytes(bytes);
        var key = write(bytes);
        try (var in = FolderBlobStore.open(folder).open(key)) {
            assertThat(in.readAllBytes()).isEqualTo(bytes);
        }
    }

    @Test
    void aFolderItMakesIsItsOwnersAndOneThatIsThereStaysAsItIs() throws IOException {
        var made = folder.resolve("new");
        FolderBlobStore.open(made);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
                .isEqualTo("rwx------");
        Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxr-x---"));
        FolderBlobStore.open(made);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
                .isEqualTo("rwxr-x---");
    }

    @Test
    void itIsMarkedOnceAndKeepsItsMarkUnderAnyName() throws IOException {
        assertThat(store.mark()).isEmpty();
        var mark = BlobMark.next("mesh");
        assertThat(store.mark(mark)).isEqualTo(mark);
        assertThat(store.mark(BlobMark.next("another"))).isEqualTo(mark);
        var link = Files.createSymbolicLink(folder.resolveSibling(folder.getFileName() + "-link"), folder);
        assertThat(FolderBlobStore.open(link).mark()).contains(mark);
        assertThat(stored()).isEmpty();
    }

    @Test
    void aMarkThatNamesNoMeshIsCompletedOnce() throws IOException {
        var unclaimed = new BlobMark(BlobKeys.next(), Optional.empty());
        assertThat(store.mark(unclaimed)).isEqualTo(unclaimed);
        var early = FolderBlobStore.open(folder);
        assertThat(early.mark()).contains(unclaimed);
        assertThat(store.mark(BlobMark.next("mesh"))).isEqualTo(unclaimed.of("mesh"));
        assertThat(store.mark(unclaimed.of("another"))).isEqualTo(unclaimed.of("mesh"));
        assertThat(folder.resolve(BlobStore.MARK)).hasContent(unclaimed.store() + "\nmesh\n");
        early.confirm();
        assertThat(files()).hasSize(1);
    }

    @Test
    void ofMeshesThatCompleteAMarkAtTheSameMomentAllSeeTheSameOne() throws Exception {
        for (int round = 0; round < 100; round++) {
            Files.deleteIfExists(folder.resolve(BlobStore.MARK));
            var unclaimed = new BlobMark(BlobKeys.next(), Optional.empty());
            store.mark(unclaimed);
            var barrier = new CyclicBarrier(4);
            var marks = IntStream.range(0, 4)
                    .mapToObj(mesh ->
                            CompletableFuture.supplyAsync(() -> completed(unclaimed.of("mesh" + mesh), barrier)))
                    .toList();
            for (var mark : marks)
                assertThat(mark.join()).isEqualTo(store.mark().orElseThrow());
            assertThat(store.mark().orElseThrow().mesh()).isPresent();
        }
        assertThat(files()).hasSize(1);
    }

    private BlobMark completed(BlobMark mark, CyclicBarrier barrier) {
        try {
            var own = FolderBlobStore.open(folder);
            barrier.await();
            return own.mark(mark);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theClaimOfOneThatDiedBeforeItCompletedTheMarkHolds() throws IOException {
        var unclaimed = new BlobMark(BlobKeys.next(), Optional.empty());
        store.mark(unclaimed);
        Files.writeString(folder.resolve("store-id-claim"), unclaimed.of("dead").text());
        assertThat(store.mark(unclaimed.of("mesh"))).isEqualTo(unclaimed.of("dead"));
        assertThat(files()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0123", "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"})
    void aMarkThatACrashCutShortIsReplacedOnceNobodyCanBeWritingIt(String half) throws IOException {
        var file = Files.writeString(folder.resolve(BlobStore.MARK), half);
        assertThatThrownBy(store::mark).isInstanceOf(IOException.class).hasMessageContaining(file.toString());
        assertThatThrownBy(() -> store.mark(BlobMark.next("mesh"))).hasMessageContaining(file.toString());
        assertThat(file).hasContent(half);
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofMinutes(2))));
        assertThat(store.mark()).isEmpty();
        var mark = BlobMark.next("mesh");
        assertThat(store.mark(mark)).isEqualTo(mark);
        assertThat(file).hasContent(mark.text());
    }

    @Test
    void whatIsNoMarkAtAllIsNeverReplaced() throws IOException {
        var file = Files.writeString(folder.resolve(BlobStore.MARK), "an operator's note\n");
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
        assertThatThrownBy(() -> store.mark(BlobMark.next("mesh"))).hasMessageContaining(file.toString());
        assertThat(file).hasContent("an operator's note\n");
    }

    @Test
    void aVolumeThatGoesAwayTakesNoMoreBlobsAlsoWhereItsFolderWasUsedBefore() throws IOException {
        store.mark(BlobMark.next("mesh"));
        write(new byte[1]);
        Files.delete(folder.resolve(BlobStore.MARK)); // what lies under the mount point
        assertThatThrownBy(() -> write(new byte[1]))
                .isInstanceOf(IOException.class)
                .hasMessage(folder + " has no store-id any more: is its volume mounted?");
    }

    @Test
    void anotherMeshsVolumeInItsPlaceTakesNoBlobsAndIsNotConfirmed() throws IOException {
        var ours = BlobMark.next("mesh");
        store.mark(ours);
        store.confirm();
        var theirs = BlobMark.next("another");
        Files.writeString(folder.resolve(BlobStore.MARK), theirs.text());
        var files = files();
        for (int times = 0; times < 2; times++) {
            assertThat(store.mark()).contains(theirs); // to look makes it no more ours
            assertThatThrownBy(store::confirm)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(folder + " is another blob store than at the start")
                    .hasMessageContaining(ours.store())
                    .hasMessageContaining(theirs.store());
            assertThatThrownBy(() -> write(new byte[1])).isInstanceOf(IOException.class);
        }
        assertThat(files()).isEqualTo(files);
        Files.writeString(folder.resolve(BlobStore.MARK), ours.text());
        write(new byte[1]);
    }

    @Test
    void aCopyThatWasGivenToAnotherMeshIsNotConfirmed() throws IOException {
        var ours = BlobMark.next("mesh");
        store.mark(ours);
        Files.writeString(folder.resolve(BlobStore.MARK), ours.of("another").text());
        assertThatThrownBy(store::confirm).isInstanceOf(IOException.class);
    }

    @Test
    void openingLeavesNothingInTheFolder() {
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void whatIsMadeInAFolderOfTheOperatorsIsForWhomHeMadeItFor() throws IOException {
        write(new byte[1]);
        var plain = Files.getPosixFilePermissions(Files.createDirectory(folder.resolve("plain")));
        assertThat(Files.getPosixFilePermissions(folder.resolve("incoming"))).isEqualTo(plain);
    }

    @Test
    void anUnfinishedBlobIsInvisibleAndLeavesNothingWhenClosed() throws IOException {
        try (var writer = store.create()) {
            writer.write(new byte[10], 0, 10);
            assertThat(stored()).isEmpty();
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void aCommittedBlobOutlivesTheCloseOfItsWriter() throws IOException {
        String key;
        try (var writer = store.create()) {
            writer.write("abc".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 1, 1);
            key = writer.commit();
        }
        try (var in = store.open(key)) {
            assertThat(in.readAllBytes()).containsExactly('b');
        }
    }

    @Test
    void aCrashedWritersFileIsIgnoredAndGoesAfterADay() throws IOException {
        Files.createDirectory(folder.resolve("incoming"));
        var young = Files.writeString(folder.resolve("incoming").resolve("0".repeat(32)), "half");
        var old = Files.writeString(folder.resolve("incoming").resolve("1".repeat(32)), "half");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
        var again = FolderBlobStore.open(folder);
        assertThat(stored()).isEmpty();
        assertThatThrownBy(() -> again.open("0".repeat(32))).isInstanceOf(MissingBlob.class);
        assertThat(young).exists();
        assertThat(old).doesNotExist();
    }

    @Test
    void theListNamesEveryBlobWithItsSizeAndAge() throws IOException {
        var key = write(new byte[42]);
        assertThat(stored()).singleElement().satisfies(blob -> {
            assertThat(blob.key()).isEqualTo(key);
            assertThat(blob.bytes()).isEqualTo(42);
            assertThat(blob.since())
                    .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(1));
        });
    }

    /// Before, a file that left `incoming` under the lister's feet ended the list.
    @Test
    void blobsThatArriveMeanwhileDoNotEndTheList() throws Exception {
        var writing = new AtomicBoolean(true);
        var writers = Thread.ofVirtual().start(() -> {
            while (writing.get()) writeQuietly();
        });
        try {
            for (int i = 0; i < 300; i++) stored();
        } finally {
            writing.set(false);
            writers.join();
        }
    }

    private void writeQuietly() {
        try (var blob = store.create()) {
            blob.abort();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void deletingTwiceIsFine() throws IOException {
        var key = write(new byte[1]);
        store.delete(key);
        store.delete(key);
        assertThatThrownBy(() -> store.open(key)).isInstanceOf(MissingBlob.class);
        assertThat(stored()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../../../../etc/passwd", "0", "incoming", "ABCDEF00ABCDEF00ABCDEF00ABCDEF00"})
    void aKeyThatIsNotOursNeverBecomesAPath(String key) throws IOException {
        assertThatThrownBy(() -> store.open(key)).isInstanceOf(MissingBlob.class);
        store.delete(key);
    }

    private String write(byte[] bytes) throws IOException {
        try (var writer = store.create()) {
            writer.write(bytes, 0, bytes.length);
            return writer.commit();
        }
    }

    private List<BlobStore.Stored> stored() throws IOException {
        try (var all = store.list()) {
            return all.toList();
        }
    }

    private List<Path> files() throws IOException {
        try (var all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }
}
