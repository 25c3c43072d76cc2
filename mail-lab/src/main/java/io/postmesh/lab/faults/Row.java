package io.postmesh.lab.faults;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/// One fault, and what must hold in spite of it.
public interface Row {
    /// Such as `A01`: the name on the command line and in the table.
    String id();

    /// The fault in a few words.
    String what();

    /// What it is done to.
    MeshPlan mesh();

    /// How many faults a whole run has.
    int faults();

    /// How many a shortened run has at least.
    default int fewest() {
        return 1;
    }

    /// How long one of them and what follows it takes; the load's rate is lowered so that all of them meet it.
    default Duration pace() {
        return Duration.ofSeconds(6);
    }

    /// The mail this row needs, if not workload W.
    default Workload shape(Workload asked) {
        return asked;
    }

    /// What has to be so before the first letter comes.
    default void prepare(Mesh mesh) throws Exception {}

    /// Does it, while mail comes in. Returns when nothing more is to be done to the mesh; who is dead then is
    /// started by the frame.
    ///
    /// @throws CannotRun when this machine lacks what it takes
    void inject(Scene scene) throws Exception;

    /// What only this row can tell from what came: a sentence for each thing that is wrong.
    default List<String> judge(Evidence evidence) {
        return List.of();
    }

    /// What only this row can tell from what the audit's sums have grown by: `delivered`, `repeats`.
    default List<String> audited(Map<String, Long> sums) {
        return List.of();
    }

    /// Beside [Bar#ALWAYS].
    default List<Bar> bars() {
        return List.of();
    }
}
