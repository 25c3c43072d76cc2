package io.postmesh.lab.faults.rows;

import io.postmesh.lab.faults.Evidence;
import io.postmesh.lab.faults.Mesh;
import io.postmesh.lab.faults.MeshPlan;
import io.postmesh.lab.faults.Row;
import io.postmesh.lab.faults.Scene;
import io.postmesh.lab.faults.Workload;
import io.postmesh.lab.faults.rows.Cells.Fate;
import io.postmesh.lab.load.SizeMix;
import io.postmesh.lab.sink.Stage;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/// C07: a remote that once, at one stage, says 4xx, 5xx or 421, talks nonsense, or falls silent: 8 stages, 40
/// remotes, a mail to each. Most mail waits and is delivered; it fails where the remote's 5xx is about the mail or
/// its recipient, and nowhere else. The silences take as long as the time-outs: ten minutes for the dot's.
public record EveryStage() implements Row {
    private static final List<Stage> STAGES = List.of(
            Stage.CONNECT, Stage.EHLO, Stage.STARTTLS, Stage.MAIL, Stage.RCPT, Stage.DATA, Stage.DOT, Stage.QUIT);
    private static final Duration LONGEST = Duration.ofMinutes(13); // the dot's 10 minutes, and a retry

    /// What the remote does.
    enum How {
        LATER("451 4.3.0 Not now"),
        NEVER("554 5.7.1 No"),
        CLOSING("421 4.3.2 Going down"),
        NONSENSE("garbage"),
        NOTHING("silence");

        private final String rule;

        How(String rule) {
            this.rule = rule;
        }
    }

    private record Cell(int number, Stage stage, How how) {
        String domain() {
            return Cells.domain(number);
        }

        String address() {
            return "127.1.0." + (number + 1);
        }

        Fate fate() {
            boolean ofTheMail = stage == Stage.MAIL || stage == Stage.RCPT || stage == Stage.DATA || stage == Stage.DOT;
            return switch (how) {
                // At the banner it is the host that is out of service; EHLO has HELO to fall back to, STARTTLS the
                // clear.
                case NEVER -> ofTheMail ? Fate.REPORTED : Fate.DELIVERED;
                case NONSENSE, NOTHING -> stage == Stage.DOT ? Fate.DELIVERED_MAYBE_TWICE : Fate.DELIVERED;
                case LATER, CLOSING -> Fate.DELIVERED;
            };
        }
    }

    private static List<Cell> cells() {
        var cells = new ArrayList<Cell>();
        for (var stage : STAGES) for (var how : How.values()) cells.add(new Cell(cells.size(), stage, how));
        return cells;
    }

    @Override
    public String id() {
        return "C07";
    }

    @Override
    public String what() {
        return "4xx, 5xx, 421, nonsense, silence at every stage";
    }

    @Override
    public MeshPlan mesh() {
        return MeshPlan.node().sinkWithTls();
    }

    @Override
    public int faults() {
        return cells().size();
    }

    @Override
    public Workload shape(Workload asked) {
        return asked.messages(cells().size())
                .recipients(1, 1)
                .domains(cells().size())
                .sizes(SizeMix.of(4 * 1024));
    }

    @Override
    public void prepare(Mesh mesh) throws IOException {
        var zone = new StringBuilder();
        for (var cell : cells()) {
            var host = "stage-" + cell.number;
            zone.append(cell.domain()).append(" MX 10 ").append(host).append('\n');
            zone.append(host).append(" A ").append(cell.address()).append('\n');
            mesh.sink().alsoOn(InetAddress.getByName(cell.address()));
            mesh.sink().rules().add(cell.address() + " " + cell.stage + " first 1 " + cell.how.rule);
        }
        mesh.zone(zone.toString());
    }

    @Override
    public void inject(Scene scene) throws Exception {
        int all = cells().size();
        scene.fault("40 remotes misbehave once", () -> {});
        scene.awaitShare(1);
        boolean met = scene.comesTrue(() -> scene.sink().counters().faults() >= all, LONGEST);
        scene.book().check("only " + scene.sink().counters().faults() + " of " + all + " faults were met", met);
        int messages = cells().stream().mapToInt(cell -> cell.fate().messages()).sum();
        scene.comesTrue(() -> scene.delivered() >= messages, LONGEST);
    }

    @Override
    public List<String> judge(Evidence evidence) {
        var fates = new HashMap<String, Fate>();
        for (var cell : cells()) fates.put(cell.domain(), cell.fate());
        return Cells.of(fates).wrong(evidence).stream()
                .map(wrong -> wrong + " (" + cell(wrong) + ")")
                .toList();
    }

    private static String cell(String wrong) {
        return cells().stream()
                .filter(cell -> wrong.startsWith(cell.domain()))
                .map(cell -> cell.stage + " " + cell.how)
                .findFirst()
                .orElse("?");
    }
}
