package io.postmesh.lab.faults;

import io.postmesh.lab.Folders;
import io.postmesh.lab.cluster.ClusterPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/// One running mesh at a time, kept for the next row when that needs the same.
final class Meshes implements AutoCloseable {
    private final Path folder;
    private final Function<Path, ClusterPlan> programs;
    private Optional<Mesh> open = Optional.empty();
    private boolean spoilt;
    private int opened;

    /// @param programs what a mesh on a folder is started from
    Meshes(Path folder, Function<Path, ClusterPlan> programs) {
        this.folder = folder;
        this.programs = programs;
    }

    Mesh open(MeshPlan plan) throws IOException, CannotRun {
        if (open.isPresent()
                && !spoilt
                && open.get().plan().equals(plan)
                && open.get().isWhole()) return open.get();
        close();
        var home = folder.resolve("mesh-" + ++opened);
        Folders.delete(home);
        var mesh = Mesh.open(plan, home, programs.apply(home));
        open = Optional.of(mesh);
        return mesh;
    }

    /// The one that is open is not used again; what it left is kept for a look.
    void spoilt() {
        spoilt = true;
    }

    @Override
    public void close() throws IOException {
        if (open.isEmpty()) return;
        var mesh = open.get();
        open = Optional.empty();
        mesh.close();
        if (!spoilt) Folders.delete(mesh.folder());
        spoilt = false;
    }
}
