package io.postmesh.delivery.owner;

import io.postmesh.contract.Envelope;
import io.postmesh.contract.Recipient;
import io.postmesh.contract.RecordId;
import io.postmesh.delivery.waiting.Identity;
import io.postmesh.mail.MailId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// Which recipients are in progress and which are final (LEDGER L1, L18); who waits is known to the room. Guarded by
/// its
/// [Book].
final class Recipients {
    private static final long IN_PROGRESS = 0;

    private final IdentityTable open = new IdentityTable();
    private final FinishedMemory finished;
    private final OpenDoubts doubts;
    private final Offsets offsets;
    private final long inputEnd;

    /// @param inputEnd what lies before may have been read, and dealt with, by the former owner
    Recipients(FinishedMemory finished, OpenDoubts doubts, Offsets offsets, long inputEnd) {
        this.finished = finished;
        this.doubts = doubts;
        this.offsets = offsets;
        this.inputEnd = inputEnd;
    }

    /// From here on, whoever nobody knows yet is in progress.
    Admission admit(Envelope envelope, Offsets.Claim claim, List<Recipient> waits) {
        var fresh = new ArrayList<Recipient>();
        var repeated = new ArrayList<Recipient>();
        for (var to : envelope.recipients()) {
            var who = Identity.of(envelope.id(), to.position());
            if (!isOpen(who) && !isFinal(who) && !waits.contains(to)) {
                open.put(who, IN_PROGRESS);
                fresh.add(to);
                continue;
            }
            repeated.add(to);
            if (isOpen(who)) offsets.watch(who, claim);
        }
        var groups = groups(envelope.id(), fresh);
        offsets.holdFor(claim, groups.size());
        return new Admission(groups, repeated, claim.offset() < inputEnd, claim);
    }

    private List<Admission.Group> groups(MailId id, List<Recipient> fresh) {
        var byDeadline = new LinkedHashMap<Optional<Instant>, List<Recipient>>();
        for (var to : fresh) {
            var until = doubts.until(id, to.position());
            byDeadline.computeIfAbsent(until, _ -> new ArrayList<>()).add(to);
        }
        var groups = new ArrayList<Admission.Group>();
        byDeadline.forEach((until, some) -> groups.add(group(id, some, until)));
        return groups;
    }

    private Admission.Group group(MailId id, List<Recipient> some, Optional<Instant> until) {
        var places = some.stream().map(Recipient::position).toList();
        var key = RecordId.of(id, places.stream().mapToInt(Integer::intValue).toArray());
        return new Admission.Group(key, some, doubts.attempts(id, places), doubts.crashes(id, places), until);
    }

    boolean isOpen(Identity who) {
        return open.contains(who);
    }

    boolean isFinal(Identity who) {
        return finished.contains(who);
    }

    /// @param outcome offset of the result in `mail.outcomes`
    void finalised(Identity who, long outcome) {
        finished.add(who, outcome);
        settled(who);
    }

    /// Final, or waiting: nobody has it in progress any more, and nobody is in doubt about it.
    void settled(Identity who) {
        open.remove(who);
        doubts.over(who);
        offsets.settled(who);
    }
}
