package io.postmesh.lab.faults.rows;

import io.postmesh.lab.faults.Accounts;
import io.postmesh.lab.faults.Bar;
import io.postmesh.lab.faults.Evidence;
import io.postmesh.lab.faults.MeshPlan;
import io.postmesh.lab.faults.Row;
import io.postmesh.lab.faults.Scene;
import io.postmesh.lab.faults.Workload;
import io.postmesh.lab.load.LocalParts;
import io.postmesh.lab.load.SizeMix;
import java.util.ArrayList;
import java.util.List;

/// C09: messages to 1,000 recipients each, of whom the remotes refuse 3 % for good and 5 % for now: 3 of these until
/// the mail's life is over, 2 the first time only. Each recipient has one outcome, the right one.
public record PartialRecipients() implements Row {
    private static final int RECIPIENTS = 1_000;
    private static final LocalParts WORDS = new LocalParts(List.of(
            new LocalParts.Share(3, "reject"),
            new LocalParts.Share(3, "tempfail"),
            new LocalParts.Share(2, "greylist")));

    @Override
    public String id() {
        return "C09";
    }

    @Override
    public String what() {
        return "1,000 recipients, 3 % refused, 5 % put off";
    }

    @Override
    public MeshPlan mesh() {
        return MeshPlan.node().set("POSTMESH_MESSAGE_LIFETIME", "30s");
    }

    /// It is the remotes that do it.
    @Override
    public int faults() {
        return 0;
    }

    @Override
    public Workload shape(Workload asked) {
        return asked.messages(Math.max(2, asked.messages() / RECIPIENTS))
                .recipients(RECIPIENTS, RECIPIENTS)
                .words(WORDS)
                .sizes(SizeMix.of(16 * 1024));
    }

    @Override
    public void inject(Scene scene) {
        scene.awaitShare(1);
    }

    @Override
    public List<Bar> bars() {
        return List.of(Bar.noCopies(), Bar.neverRefused());
    }

    @Override
    public List<String> judge(Evidence evidence) {
        var accounts = Accounts.of(evidence);
        var wrong = new ArrayList<String>();
        int right = 0;
        for (var mail : evidence.accepted())
            for (var to : mail.recipients()) {
                int came = accounts.copies(mail, to).size();
                boolean told = accounts.isReported(mail, to);
                boolean refused = to.startsWith("reject+") || to.startsWith("tempfail+");
                if (refused ? came == 0 && told : came == 1 && !told) right++;
                else wrong.add(to + " came " + came + " times" + (told ? " and was reported" : ""));
            }
        return wrong.isEmpty() ? List.of() : List.of(right + " right, " + wrong.size() + " not: " + wrong.getFirst());
    }
}
