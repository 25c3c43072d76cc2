package io.postmesh.lab.faults;

import io.postmesh.lab.Folders;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// One running mesh at a time, kept for the next row when that needs the same.
final class Meshes implements AutoCloseable {
    private final Path folder;
    private final String classPath;
    private Optional<Mesh> open = Optional.empty();
    private boolean spoilt;
    private int opened;

    Meshes(Path folder, String classPath) {
        this.folder = folder;
        this.classPath = classPath;
    }

    Mesh open(MeshPlan plan) throws IOException, CannotRun {
        if (open.isPresent()
                && !spoilt
                && open.get().plan().equals(plan)
                && open.get().isWhole()) return open.get();
        close();
        var home = folder.resolve("mesh-" + ++opened);
        Folders.delete(home);
        var mesh = Mesh.open(plan, home, classPath);
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
