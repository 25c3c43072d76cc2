package io.postmesh.audit;

import io.postmesh.contract.Journey;
import io.postmesh.contract.Outcome;
import io.postmesh.mail.MailId;
import java.util.Comparator;
import java.util.List;

/// What the topics say of one mail.
///
/// @param journey     accepted, cleared, held, refused, signed: in order of time
/// @param outcomes    attempts and results, in order of time
/// @param quarantined why it is in `mail.quarantine`; empty when it is not
public record Trail(MailId id, List<Journey> journey, List<Outcome> outcomes, List<String> quarantined) {
    public Trail {
        journey = journey.stream().sorted(Comparator.comparing(Journey::at)).toList();
        outcomes = outcomes.stream().sorted(Comparator.comparing(Outcome::at)).toList();
        quarantined = List.copyOf(quarantined);
    }

    public boolean isEmpty() {
        return journey.isEmpty() && outcomes.isEmpty() && quarantined.isEmpty();
    }
}
