package io.postmesh.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataFolderTest {

    @TempDir
    private Path folder;

    @Test
    void aFolderHasOneOwnerAndTheSecondIsToldInOneSentence() throws Exception {
        try (var held = DataFolder.lock(folder)) {
            assertThatThrownBy(() -> DataFolder.lock(folder))
                    .isInstanceOf(DataFolder.InUse.class)
                    .hasMessageContaining(held.path().toString())
                    .hasMessageContaining("pid " + ProcessHandle.current().pid())
                    .hasMessageContaining("POSTMESH_DATA_DIR");
        }
    }

    @Test
    void aFolderItMakesIsItsOwnersAndOneThatIsThereStaysAsItIs() throws Exception {
        var made = folder.resolve("above/data");
        DataFolder.lock(made).close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
                .isEqualTo("rwx------");
        Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxr-x---"));
        DataFolder.lock(made).close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
                .isEqualTo("rwxr-x---");
    }

    @Test
    void aClosedFolderCanBeTakenAgain() throws Exception {
        DataFolder.lock(folder).close();
        try (var again = DataFolder.lock(folder)) {
            assertThat(again.folder("kafka")).isDirectory();
        }
    }
}
