package io.postmesh.runtime.kafka;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postmesh.contract.Topics;
import io.postmesh.embedded.EmbeddedKafka;
import io.postmesh.runtime.blob.BlobMark;
import io.postmesh.runtime.blob.BlobStore;
import io.postmesh.runtime.blob.FolderBlobStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Services of one mesh, each on its own host, and what is mounted there.
class SharedStoreTest {
    private static final BlobMark UNCLAIMED = new BlobMark("0123456789abcdef0123456789abcdef", Optional.empty());

    @TempDir
    private Path hosts;

    private EmbeddedKafka broker;
    private KafkaSettings kafka;

    @BeforeEach
    void open() throws Exception {
        broker = EmbeddedKafka.start(Files.createDirectory(hosts.resolve("kafka")), EmbeddedKafka.Options.FAST);
        kafka = KafkaSettings.oneNode(broker.bootstrap());
        MeshTopics.open(kafka, Set.of()).close();
    }

    @AfterEach
    void close() {
        broker.close();
    }

    @Test
    void allWhoSeeOneFolderStartAsOftenAsTheyLike() throws Exception {
        for (int i = 0; i < 3; i++) start("one");
        assertThat(published()).hasSize(1).containsEntry(mark("one"), "POSTMESH_BLOBS: one of local");
    }

    @Test
    void whoHasAFolderOfItsOwnIsRefusedInOneLineThatNamesBoth() throws Exception {
        start("one");
        var other = FolderBlobStore.open(hosts.resolve("two"));
        other.mark(UNCLAIMED);
        assertThatThrownBy(() -> start("two"))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("POSTMESH_BLOBS: two is another blob store than that of this mesh, which is"
                        + " POSTMESH_BLOBS: one of local (store-id " + mark("one") + "): mount the same folder")
                .extracting(Throwable::getMessage)
                .asString()
                .hasLineCount(1);
        assertThat(published()).containsOnlyKeys(mark("one"));
    }

    @Test
    void aVolumeThatIsNotMountedIsNotTakenForTheStore() throws Exception {
        start("one");
        Files.move(hosts.resolve("one"), hosts.resolve("elsewhere"));
        assertThatThrownBy(() -> start("one"))
                .hasMessageContaining("is its volume mounted?")
                .hasMessageContaining("write " + mark("elsewhere") + " into its store-id");
        assertThat(hosts.resolve("one")).isEmptyDirectory();
    }

    @Test
    void aMeshThatWasThereBeforeMarksItsFolderAndGoesOn() throws Exception {
        var old = FolderBlobStore.open(hosts.resolve("one"));
        String key;
        try (var blob = old.create()) {
            blob.write(new byte[] {7}, 0, 1);
            key = blob.commit();
        }
        start("one");
        start("one");
        try (var in = old.open(key)) {
            assertThat(in.read()).isEqualTo(7);
        }
        try (var all = old.list()) {
            assertThat(all.map(BlobStore.Stored::key)).containsExactly(key);
        }
    }

    @Test
    void aMeshWhoseKafkaIsNewTakesItsMarkedFolder() throws Exception {
        FolderBlobStore.open(hosts.resolve("one")).mark(UNCLAIMED);
        start("one");
        assertThat(published()).containsOnlyKeys(UNCLAIMED.store());
        assertThat(hosts.resolve("one/store-id")).hasContent(UNCLAIMED.store() + "\n" + cluster() + "\n");
        start("one");
    }

    /// Before, a second mesh took the mark it found, and its sweep removed what only the first one's records name.
    @Test
    void theStoreOfAnotherMeshIsRefusedAlsoByOneThatHasNoneYet() throws Exception {
        start("one");
        try (var second = EmbeddedKafka.start(Files.createDirectory(hosts.resolve("k2")), EmbeddedKafka.Options.FAST)) {
            var staging = KafkaSettings.oneNode(second.bootstrap());
            MeshTopics.open(staging, Set.of()).close();
            var ofFirst = cluster();
            assertThatThrownBy(() -> start(staging, "one"))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("POSTMESH_BLOBS: one is the blob store of another mesh, of the Kafka with"
                            + " cluster id " + ofFirst + " (here: ")
                    .hasMessageContaining("remove the second line of store-id")
                    .extracting(Throwable::getMessage)
                    .asString()
                    .hasLineCount(1);
            assertThat(published(staging)).isEmpty();
            start(staging, "two");

            Files.copy(hosts.resolve("two/store-id"), hosts.resolve("one/store-id"), REPLACE_EXISTING);
            assertThatThrownBy(() -> start("one")).hasMessageContaining("is another blob store than that of this mesh");
        }
    }

    /// Both took it: who completed it later stood in the file, and the earlier one never looked again.
    @Test
    void ofTwoMeshesThatTakeOneUnclaimedStoreAtTheSameMomentOneIsRefused() throws Exception {
        try (var second = EmbeddedKafka.start(Files.createDirectory(hosts.resolve("k2")), EmbeddedKafka.Options.FAST)) {
            var other = KafkaSettings.oneNode(second.bootstrap());
            MeshTopics.open(other, Set.of()).close();
            FolderBlobStore.open(hosts.resolve("one")).mark(UNCLAIMED);
            var refused = atOnce(List.of(kafka, other), "one", "./one").values().stream()
                    .filter(why -> !why.isEmpty())
                    .toList();
            assertThat(refused).hasSize(1);
            assertThat(refused.getFirst())
                    .contains("is the blob store of another mesh")
                    .hasLineCount(1);
            assertThat(published(kafka).size() + published(other).size()).isEqualTo(1);
        }
    }

    @Test
    void whoseKafkaIsGoneForGoodTakesTheStoreOnPurpose() throws Exception {
        var mark = BlobMark.next("gone");
        FolderBlobStore.open(hosts.resolve("one")).mark(mark);
        assertThatThrownBy(() -> start("one")).hasMessageContaining("cluster id gone");
        Files.writeString(hosts.resolve("one/store-id"), mark.store() + "\n");
        start("one");
        assertThat(hosts.resolve("one/store-id")).hasContent(mark.store() + "\n" + cluster() + "\n");
        assertThat(published()).containsOnlyKeys(mark.store());
    }

    @Test
    void theMarkOfOneThatDiedBeforeItTookItBackGoesAtTheNextStart() throws Exception {
        start("one");
        try (var config = ConfigTopic.open(kafka, "loser", _ -> {})) {
            config.write("blobs/" + UNCLAIMED.store(), new byte[] {'x'});
        }
        assertThat(published()).hasSize(2);
        start("one");
        assertThat(published()).containsOnlyKeys(mark("one"));
    }

    @Test
    void whoCopiesTheFolderWithItsMarkHasMoved() throws Exception {
        start("one");
        Files.createDirectory(hosts.resolve("two"));
        Files.copy(hosts.resolve("one/store-id"), hosts.resolve("two/store-id"));
        start("two");
    }

    @Test
    void ofTwoWhoAreFirstAtTheSameMomentWithAFolderEachOneIsRefused() throws Exception {
        var outcomes = atOnce("a", "b", "c");
        assertThat(outcomes.values().stream().filter(String::isEmpty)).hasSize(1);
        var winner = outcomes.entrySet().stream()
                .filter(one -> one.getValue().isEmpty())
                .findFirst()
                .orElseThrow()
                .getKey();
        assertThat(published()).containsOnlyKeys(mark(winner));
        start(winner);
    }

    @Test
    void ofManyWhoAreFirstAtTheSameMomentOnOneFolderAllStart() throws Exception {
        assertThat(atOnce("a", "a/../a", "./a").values()).containsOnly("");
        assertThat(published()).containsOnlyKeys(mark("a"));
    }

    /// @return by folder, why it was refused, or nothing
    private Map<String, String> atOnce(String... folders) throws Exception {
        return atOnce(Collections.nCopies(folders.length, kafka), folders);
    }

    private Map<String, String> atOnce(List<KafkaSettings> meshes, String... folders) throws Exception {
        var barrier = new CyclicBarrier(folders.length);
        var starts = new ArrayList<CompletableFuture<String>>();
        for (int i = 0; i < folders.length; i++) {
            var folder = folders[i];
            var mesh = meshes.get(i);
            starts.add(CompletableFuture.supplyAsync(
                    () -> {
                        try (var topics = topics(mesh)) {
                            barrier.await();
                            start(topics, mesh, folder);
                            return "";
                        } catch (Exception e) {
                            return e.toString();
                        }
                    },
                    task -> Thread.ofPlatform().start(task)));
        }
        var outcomes = new TreeMap<String, String>();
        for (int i = 0; i < folders.length; i++)
            outcomes.put(folders[i], starts.get(i).get());
        return outcomes;
    }

    private void start(String folder) throws IOException {
        start(kafka, folder);
    }

    private void start(KafkaSettings mesh, String folder) throws IOException {
        try (var topics = topics(mesh)) {
            start(topics, mesh, folder);
        }
    }

    private void start(MeshTopics topics, KafkaSettings mesh, String folder) throws IOException {
        SharedStore.check(topics, mesh, FolderBlobStore.open(hosts.resolve(folder)), "POSTMESH_BLOBS: " + folder);
    }

    private static MeshTopics topics(KafkaSettings mesh) throws IOException {
        try {
            return MeshTopics.follow(mesh);
        } catch (BadTopics e) {
            throw new IllegalStateException(e);
        }
    }

    private String mark(String folder) throws IOException {
        return FolderBlobStore.open(hosts.resolve(folder)).mark().orElseThrow().store();
    }

    private String cluster() throws Exception {
        try (var admin = Admin.create(kafka.admin("looker"))) {
            return admin.describeCluster().clusterId().get(30, TimeUnit.SECONDS);
        }
    }

    /// What stands in the topic, by mark.
    private Map<String, String> published() throws Exception {
        return published(kafka);
    }

    private static Map<String, String> published(KafkaSettings mesh) throws Exception {
        var all = new TreeMap<String, String>();
        var lines = new ArrayList<InRecord>();
        try (var _ = ConfigTopic.open(mesh, "looker", lines::add)) {
            for (var record : List.copyOf(lines)) {
                var key = RealKafka.key(record);
                if (record.topic() != Topics.CONFIG || !key.startsWith("blobs/")) continue;
                if (record.value() == null) all.remove(key.substring(6));
                else all.put(key.substring(6), new String(record.value(), java.nio.charset.StandardCharsets.UTF_8));
            }
        }
        return all;
    }
}
