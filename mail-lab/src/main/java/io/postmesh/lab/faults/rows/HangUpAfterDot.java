package io.postmesh.lab.faults.rows;

import io.postmesh.lab.faults.Accounts;
import io.postmesh.lab.faults.Delivery;
import io.postmesh.lab.faults.Evidence;
import io.postmesh.lab.faults.MeshPlan;
import io.postmesh.lab.faults.Row;
import io.postmesh.lab.faults.Scene;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// C06: the remote takes a message and closes without a word; says 421 and keeps nothing; says 250 and resets the
/// connection. In the first and the last case nobody can know, so the mail comes once more, and no more than that.
public record HangUpAfterDot() implements Row {
    private static final List<String> HOW = List.of("drop", "421 4.3.2 Going down", "reply-reset");
    private static final Duration STILL_THERE = Duration.ofSeconds(20);

    @Override
    public String id() {
        return "C06";
    }

    @Override
    public String what() {
        return "the remote hangs up after the dot";
    }

    @Override
    public MeshPlan mesh() {
        return MeshPlan.cluster();
    }

    @Override
    public int faults() {
        return 60;
    }

    @Override
    public Duration pace() {
        return Duration.ofSeconds(1);
    }

    // It happens to the next message whose dot comes, and the next fault waits for that.
    @Override
    public void inject(Scene scene) throws Exception {
        scene.spread(number -> {
            long before = scene.sink().counters().faults();
            var how = HOW.get(number % HOW.size());
            scene.fault(how + " after the dot", () -> {
                scene.sink().rules().add("* DOT first 1 " + how);
                scene.comesTrue(() -> scene.sink().counters().faults() > before, STILL_THERE);
            });
        });
    }

    @Override
    public List<String> judge(Evidence evidence) {
        var accounts = Accounts.of(evidence);
        var wrong = new ArrayList<String>();
        for (var mail : evidence.accepted())
            for (var to : mail.recipients()) {
                var copies = accounts.copies(mail, to);
                long unheard = copies.stream().filter(Delivery::isUnheard).count();
                if (copies.size() > unheard + 1)
                    wrong.add(to + " got " + copies.size() + " copies, " + unheard + " of them unheard");
            }
        return wrong;
    }
}
