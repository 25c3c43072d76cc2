package io.postmesh.lab.faults.rows;

import io.postmesh.lab.faults.Evidence;
import io.postmesh.lab.faults.Mesh;
import io.postmesh.lab.faults.MeshPlan;
import io.postmesh.lab.faults.Row;
import io.postmesh.lab.faults.Scene;
import io.postmesh.lab.faults.Workload;
import io.postmesh.lab.faults.rows.Cells.Fate;
import io.postmesh.lab.load.SizeMix;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;

/// C02: 25 ways in which a domain's records can be. What the DNS says for certain decides; what it does not say
/// never bounces mail. The unsure ones are mended once all others are through, and are delivered then.
public record NamesOfEveryKind() implements Row {
    private static final String HERE = "127.0.0.1";
    private static final Duration SETTLED = Duration.ofMinutes(5); // who could not be found rests
    private static final int TRIES = 5; // one look-up asks four times at most

    /// @param what  the case
    /// @param zone  `@` is the domain, `$` a host name of its own
    /// @param fate  at last
    /// @param mends whether the domain misbehaves first, and is mended
    private record Name(String what, String zone, Fate fate, boolean mends) {}

    private static final List<Name> NAMES = List.of(
            delivered("an MX", "@ MX 10 $\n$ A " + HERE),
            delivered("no MX: the domain's own address (RFC 5321 5.1)", "@ A " + HERE),
            delivered("an MX that is an alias", "@ MX 10 $\n$ CNAME real-$\nreal-$ A " + HERE),
            delivered("a domain that is an alias", "@ CNAME $\n$ MX 10 fault-sink"),
            delivered(
                    "an alias of an alias of an alias", "@ CNAME $\n$ CNAME b-$\nb-$ CNAME c-$\nc-$ MX 10 fault-sink"),
            delivered("the first MX has no address", "@ MX 10 $\n@ MX 20 fault-sink\n$ TXT \"no address\""),
            delivered(
                    "the first MX does not exist",
                    "@ MX 10 nobody.invalid\n@ MX 20 fault-sink\nnobody.invalid FAULT NXDOMAIN"),
            delivered("nobody listens at the first MX", "@ MX 10 $\n@ MX 20 fault-sink\n$ A 127.9.9.9"),
            delivered("the first MX may not be used", "@ MX 10 $\n@ MX 20 fault-sink\n$ A 192.0.2.1"),
            delivered("the first MX cannot be looked up", "@ MX 10 $\n@ MX 20 fault-sink\n$ FAULT SERVFAIL"),
            delivered("a null MX beside a real one (RFC 7505 3)", "@ MX 0 .\n@ MX 10 fault-sink"),
            delivered("a truncated answer", "@ MX 10 fault-sink\n@ FAULT TRUNCATED"),
            delivered("200 MX records", many(200)),
            delivered("an IPv4 address beside an IPv6 one nobody listens at", "@ MX 10 $\n$ AAAA ::1\n$ A " + HERE),
            reported("no such domain", "@ FAULT NXDOMAIN"),
            reported("a null MX (RFC 7505)", "@ MX 0 ."),
            reported("a domain without address", "@ TXT \"nothing here\""),
            reported("an MX without address", "@ MX 10 $\n$ TXT \"no address\""),
            reported("an MX that does not exist", "@ MX 10 $\n$ FAULT NXDOMAIN"),
            reported("an MX outside of where we may go", "@ MX 10 $\n$ A 10.0.0.1"),
            mends("SERVFAIL", "@ FAULT SERVFAIL"),
            mends("REFUSED", "@ FAULT REFUSED"),
            mends("no answer", "@ FAULT TIMEOUT"),
            mends("nonsense", "@ FAULT GARBAGE"),
            mends("an MX that cannot be looked up", "@ MX 10 $\n$ FAULT SERVFAIL"));

    private static Name delivered(String what, String zone) {
        return new Name(what, zone, Fate.DELIVERED, false);
    }

    private static Name reported(String what, String zone) {
        return new Name(what, zone, Fate.REPORTED, false);
    }

    private static Name mends(String what, String zone) {
        return new Name(what, zone, Fate.DELIVERED, true);
    }

    private static String many(int hosts) {
        var zone = new StringBuilder();
        for (int i = 0; i < hosts; i++)
            zone.append("@ MX 10 m").append(i).append("-$\nm").append(i).append("-$ A " + HERE + "\n");
        return zone.toString();
    }

    @Override
    public String id() {
        return "C02";
    }

    @Override
    public String what() {
        return "25 kinds of DNS answers";
    }

    @Override
    public MeshPlan mesh() {
        return MeshPlan.node().set("POSTMESH_MESSAGE_LIFETIME", "30m");
    }

    @Override
    public int faults() {
        return NAMES.size();
    }

    @Override
    public Workload shape(Workload asked) {
        return asked.messages(NAMES.size())
                .recipients(1, 1)
                .domains(NAMES.size())
                .sizes(SizeMix.of(4 * 1024));
    }

    @Override
    public void prepare(Mesh mesh) {
        mesh.zone(zone(true));
    }

    private static String zone(boolean broken) {
        var zone = new StringBuilder();
        for (int i = 0; i < NAMES.size(); i++) {
            var name = NAMES.get(i);
            var lines = name.mends && !broken ? "@ MX 10 fault-sink\n$ A " + HERE : name.zone;
            zone.append(lines.replace("@", Cells.domain(i)).replace("$", "kind-" + i))
                    .append('\n');
        }
        return zone.toString();
    }

    @Override
    public void inject(Scene scene) throws Exception {
        scene.fault("25 domains", () -> {});
        scene.awaitShare(1);
        int sure = (int) NAMES.stream().filter(name -> !name.mends).count();
        scene.comesTrue(() -> scene.settled() >= sure && scene.askedFor(unsure()) >= TRIES, SETTLED);
        scene.book().check("a mail whose DNS was unsure was given up, or others stand", scene.settled() == sure);
        scene.mesh().zone(zone(false));
        scene.comesTrue(scene::isDrained, SETTLED);
    }

    // The names behind which nothing is known: the host's where the domain itself can be looked up.
    private static List<String> unsure() {
        return java.util.stream.IntStream.range(0, NAMES.size())
                .filter(i -> NAMES.get(i).mends)
                .mapToObj(i -> NAMES.get(i).zone.startsWith("@ FAULT") ? Cells.domain(i) : "kind-" + i)
                .toList();
    }

    @Override
    public List<String> judge(Evidence evidence) {
        var fates = new HashMap<String, Fate>();
        for (int i = 0; i < NAMES.size(); i++) fates.put(Cells.domain(i), NAMES.get(i).fate);
        return Cells.of(fates).wrong(evidence).stream()
                .map(wrong -> wrong + " (" + NAMES.get(Integer.parseInt(wrong.substring(1, 5))).what + ")")
                .toList();
    }
}
