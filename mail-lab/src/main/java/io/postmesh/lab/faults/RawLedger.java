package io.postmesh.lab.faults;

import io.postmesh.lab.cluster.Member;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.Objects;

/// What a run saw, as files for looking into; the driver's own ledger, `acknowledged.txt`, lies beside them.
record RawLedger(Path folder) {
    void write(Scene scene, Driver driver, Harvest harvest, AuditSheet audit, Verdict verdict) throws IOException {
        Files.write(
                folder.resolve("faults.txt"),
                scene.book().injections().stream()
                        .map(fault -> fault.from() + " " + fault.until() + " " + fault.what())
                        .toList());
        Files.write(
                folder.resolve("refused.txt"),
                driver.refused().stream()
                        .map(no -> no.at() + " " + no.messageId() + " " + (no.afterDot() ? "dot " : "") + no.reply())
                        .toList());
        Files.write(
                folder.resolve("delivered.txt"),
                harvest.all().stream()
                        .sorted(Comparator.comparing(Harvest.Caught::number))
                        .map(mail -> mail.at() + " " + harvest.answered(mail.number()) + " " + mail.number() + " "
                                + mail.messageId() + " " + String.join(",", mail.recipients()))
                        .toList());
        for (var member : scene.cluster().members()) keepOutputs(member);
        Files.writeString(folder.resolve("audit.txt"), audit.text());
        Files.writeString(folder.resolve("verdict.txt"), verdict + "\n");
    }

    // The mesh's own folder goes with the mesh.
    private void keepOutputs(Member member) throws IOException {
        var kept = Files.createDirectories(folder.resolve("out"));
        for (var output : member.outputs()) {
            var name = Objects.requireNonNull(output.getFileName());
            Files.copy(output, kept.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
