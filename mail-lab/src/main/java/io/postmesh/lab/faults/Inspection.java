package io.postmesh.lab.faults;

import io.postmesh.lab.faults.Harvest.Caught;
import io.postmesh.lab.load.Witness.Accepted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Looks into the files of a harvest: is what came what was sent, and does its signature hold?
final class Inspection {
    private final Map<String, Accepted> sent = new HashMap<>();
    private final Set<String> signed;
    private final Harvest harvest;

    private Inspection(List<Accepted> accepted, Set<String> signed, Harvest harvest) {
        accepted.forEach(mail -> sent.put(mail.messageId(), mail));
        this.signed = signed;
        this.harvest = harvest;
    }

    /// @param signed names of the files whose signatures hold
    static List<Delivery> of(Harvest harvest, List<Accepted> accepted, Set<String> signed) throws IOException {
        var inspection = new Inspection(accepted, signed, harvest);
        var deliveries = new ArrayList<Delivery>();
        for (var caught : harvest.all()) if (caught.report().isEmpty()) deliveries.add(inspection.look(caught));
        return deliveries;
    }

    private Delivery look(Caught caught) throws IOException {
        return new Delivery(
                caught.number(),
                caught.at(),
                harvest.answered(caught.number()),
                caught.messageId(),
                caught.recipients(),
                isIntact(caught),
                signed.contains(name(caught.file())));
    }

    // A message whose 250 was never read was not measured either: its signature, made of it at the door, speaks for it.
    private boolean isIntact(Caught caught) throws IOException {
        var mail = Optional.ofNullable(sent.get(caught.messageId()));
        return mail.isEmpty() || isTail(Files.readAllBytes(caught.file()), mail.get());
    }

    // The mesh puts fields before a message and touches nothing else.
    private static boolean isTail(byte[] came, Accepted sent) {
        int from = came.length - sent.octets();
        if (from < 0) return false;
        var digest = sha256();
        digest.update(came, from, sent.octets());
        boolean whole = from == 0 || from > 1 && came[from - 2] == '\r' && came[from - 1] == '\n';
        return whole && HexFormat.of().formatHex(digest.digest()).equals(sent.sha256());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }
}
