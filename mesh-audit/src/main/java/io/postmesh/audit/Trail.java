package io.postmesh.audit;

import io.postmesh.contract.Journey;
import io.postmesh.contract.Outcome;
import io.postmesh.mail.MailId;
import io.postmesh.runtime.trace.Parent;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What the topics say of one mail.
///
/// @param journey     accepted, cleared, held, refused, signed: in order of time
/// @param outcomes    attempts and results, in order of time
/// @param trace       of the mail; empty when what names it is kept no more
/// @param quarantined why it is in `mail.quarantine`; empty when it is not
public record Trail(
        MailId id, Optional<Parent> trace, List<Journey> journey, List<Outcome> outcomes, List<String> quarantined) {
    public Trail {
        journey = journey.stream().sorted(Comparator.comparing(Journey::at)).toList();
        outcomes = outcomes.stream().sorted(Comparator.comparing(Outcome::at)).toList();
        quarantined = List.copyOf(quarantined);
    }

    public boolean isEmpty() {
        return journey.isEmpty() && outcomes.isEmpty() && quarantined.isEmpty();
    }
}
