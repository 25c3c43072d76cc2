package io.postmesh.lab.faults.rows;

import io.postmesh.lab.faults.Bar;
import io.postmesh.lab.faults.MeshPlan;
import io.postmesh.lab.faults.Row;
import io.postmesh.lab.faults.Scene;
import io.postmesh.lab.faults.Workload;
import io.postmesh.lab.load.SizeMix;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// A21: messages one octet below the limit, at it, and one above, said with SIZE or not, with 250 KiB of header, with
/// 1,000 recipients. What is taken is delivered; what is too large is told so at MAIL FROM or at the dot.
public record SizeEdge() implements Row {
    private static final int LIMIT = 1024 * 1024;
    private static final int HEADER = 250 * 1024; // the door takes 256 KiB
    private static final int RECIPIENTS = 1_000;

    @Override
    public String id() {
        return "A21";
    }

    @Override
    public String what() {
        return "messages at the edge of the size limit";
    }

    @Override
    public MeshPlan mesh() {
        return MeshPlan.node().set("POSTFIX_message_size_limit", "1MiB");
    }

    @Override
    public int faults() {
        return 1;
    }

    @Override
    public Duration pace() {
        return Duration.ofSeconds(30);
    }

    @Override
    public Workload shape(Workload asked) {
        return asked.sizes(SizeMix.of(4 * 1024));
    }

    @Override
    public List<Bar> bars() {
        return List.of(Bar.noCopies());
    }

    @Override
    public void inject(Scene scene) throws Exception {
        scene.awaitShare(0.1);
        int number = 0;
        for (int over = -1; over <= 1; over++)
            for (boolean said : new boolean[] {true, false})
                for (int header : new int[] {0, HEADER})
                    for (int recipients : new int[] {1, RECIPIENTS})
                        offer(
                                scene,
                                new SizedLetter(
                                        scene.workload().seed() + "." + ++number,
                                        LIMIT + over,
                                        header,
                                        recipients,
                                        said));
        scene.book().note(number + " messages of " + LIMIT + " octets, one less, one more");
    }

    private static void offer(Scene scene, SizedLetter letter) throws IOException {
        var reply = letter.send(scene.cluster().doors().getFirst());
        if (reply.text().startsWith("250")) scene.promised(letter.accepted(reply.text()));
        else scene.refused(letter.refused(reply.text(), reply.afterDot()));
        boolean fits = letter.octets() <= LIMIT;
        // A large header is in a record for each next hop: for very many recipients it is refused, and said so.
        boolean mayRefuse = !fits || letter.header() > 0 && letter.recipients() > 1;
        boolean right = fits && reply.text().startsWith("250")
                || mayRefuse && reply.text().startsWith("552");
        scene.book().check(letter + " was told " + reply.text(), right);
        scene.book().check(letter + " was let through to the dot", fits || !letter.said() || !reply.afterDot());
    }
}
