package io.postmesh.delivery.waiting;

import static io.postmesh.delivery.waiting.States.NOW;
import static io.postmesh.delivery.waiting.States.state;
import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.contract.RecordId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A disk that cannot be used costs the cache, never more (LEDGER L20).
class IndexesTest {
    private static final Indexes.Rule RULE = new Indexes.Rule("topic", Duration.ofHours(24), NOW);

    @TempDir
    private Path folder;

    private static void use(Index index) {
        var state = state("a", Optional.of(NOW), 0);
        index.apply(Map.of(state.record(), new Change.Waits(state)));
        assertThat(index.get(new RecordId("a"))).contains(state);
    }

    private static void marked(Indexes indexes) {
        var index = indexes.find(0, RULE).index();
        use(index);
        index.mark(new Mark("topic", 1, 1, NOW));
        indexes.close(index);
    }

    @Test
    void whereTheFolderCannotBeATemporaryOneIsUsedAndRemovedAfterwards() throws IOException {
        var file = Files.writeString(folder.resolve("file"), "no folder");
        DiskIndex index;
        try (var indexes = Indexes.open(file.resolve("below"))) {
            index = (DiskIndex) indexes.find(0, RULE).index();
            use(index);
            assertThat(index.folder().toString()).startsWith(System.getProperty("java.io.tmpdir"));
            indexes.close(index);
        }
        assertThat(index.folder()).doesNotExist();
    }

    @Test
    void twoWorkersNeverShareAFolder() {
        try (var one = Indexes.open(folder);
                var other = Indexes.open(folder)) {
            var index = (DiskIndex) other.find(0, RULE).index();
            assertThat(index.folder().startsWith(folder)).isFalse();
            other.close(index);
            use(one.find(0, RULE).index());
        }
    }

    @Test
    void aCorruptIndexIsReplacedByAnEmptyOne() throws IOException {
        try (var indexes = Indexes.open(folder)) {
            marked(indexes);
        }
        try (var all = Files.walk(folder)) {
            for (var file : all.filter(Files::isRegularFile).toList()) {
                if (!file.endsWith("lock")) Files.write(file, new byte[] {1, 2, 3});
            }
        }
        try (var indexes = Indexes.open(folder)) {
            var found = indexes.find(0, RULE);
            assertThat(found.mark()).isEmpty();
            use(found.index());
            indexes.close(found.index());
        }
    }

    @Test
    void afterAFailureTheNextIndexLiesElsewhere() {
        try (var indexes = Indexes.open(folder)) {
            var first = (DiskIndex) indexes.find(0, RULE).index();
            assertThat(first.folder().startsWith(folder)).isTrue();
            indexes.failed(first);
            assertThat(first.folder()).doesNotExist();
            var second = (DiskIndex) indexes.empty(0).index();
            assertThat(second.folder().startsWith(folder)).isFalse();
            indexes.failed(second);
            assertThat(indexes.empty(0).index()).isInstanceOf(HeapIndex.class);
        }
    }

    @Test
    void ofSeveralCheckpointsTheYoungestIsUsedAndNoOtherIsLeft() throws IOException {
        try (var indexes = Indexes.open(folder)) {
            var old = indexes.find(0, RULE).index();
            var young = indexes.find(0, RULE).index();
            old.mark(new Mark("topic", 1, 1, NOW.minusSeconds(9)));
            young.mark(new Mark("topic", 2, 2, NOW.minusSeconds(1)));
            indexes.close(old);
            indexes.close(young);
            var found = indexes.find(0, RULE);
            assertThat(found.mark().orElseThrow().position()).isEqualTo(2);
            try (var all = Files.list(folder)) {
                assertThat(all.filter(Files::isDirectory)).hasSize(1);
            }
            indexes.close(found.index());
        }
    }
}
