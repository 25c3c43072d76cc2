package io.postmesh.delivery.waiting;

import static io.postmesh.delivery.waiting.States.NOW;
import static io.postmesh.delivery.waiting.States.state;
import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.contract.Reason;
import io.postmesh.contract.RecordId;
import io.postmesh.contract.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A disk that cannot be used costs the cache, never more (LEDGER L20).
class IndexesTest {
    private static final int ROUNDS = 250;
    private static final int EACH = 400; // RocksDB empties its logs at 32 MiB
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
    void theNativeMemoryIsGivenBackAtTheEndAndAnIndexThatIsOpenStillHasItsOwn() {
        var memory = new DiskMemory();
        var indexes = Indexes.open(folder, memory);
        var index = indexes.find(0, RULE).index();
        use(index);
        assertThat(memory.isClosed()).isFalse();
        indexes.close();
        assertThat(memory.isClosed()).isTrue();
        use(index);
        index.close();
        assertThat(indexes.empty(0).index()).isInstanceOf(HeapIndex.class);
        indexes.close(); // once more does no harm
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

    /// RocksDB calls its write-ahead logs `*.log`: who cleans up, or a power cut, takes the newest changes. What is
    /// left
    /// is an older index with an older mark, never a mark of what is not there.
    @Test
    void withoutItsNewestLogsAnIndexHoldsAllThatItsMarkSays() throws IOException {
        try (var indexes = Indexes.open(folder)) {
            var index = indexes.find(0, RULE).index();
            for (int round = 0; round < ROUNDS; round++) {
                index.apply(round(round));
                index.mark(new Mark("topic", round + 1, 1, NOW));
            }
            indexes.close(index);
        }
        try (var all = Files.walk(folder)) {
            for (var file : all.filter(one -> one.toString().endsWith(".log")).toList()) Files.delete(file);
        }
        try (var indexes = Indexes.open(folder)) {
            var found = indexes.find(0, RULE);
            long rounds = found.mark().map(Mark::position).orElse(0L);
            assertThat(found.index().size()).isGreaterThanOrEqualTo((int) rounds * EACH);
            for (int round = 0; round < rounds; round++) {
                for (var record : round(round).keySet())
                    assertThat(found.index().get(record))
                            .as("round %s of %s", round, rounds)
                            .isPresent();
            }
            assertThat(found.index().turns(Optional.empty(), Integer.MAX_VALUE))
                    .hasSize(found.index().size());
            indexes.close(found.index());
        }
    }

    private static Map<RecordId, Change> round(int round) {
        return IntStream.range(0, EACH)
                .mapToObj(one -> wide("r" + round + "-" + one))
                .collect(Collectors.toMap(Waiting::record, Change.Waits::new));
    }

    // So large that RocksDB soon has enough of them in its logs, and flushes its parts at different times.
    private static Waiting wide(String record) {
        return new Waiting(
                new RecordId(record),
                States.mail(record),
                List.of(0),
                Optional.of(NOW),
                1,
                Optional.empty(),
                Reason.PUT_OFF,
                0,
                "one.test",
                "x".repeat(550),
                NOW);
    }
}
