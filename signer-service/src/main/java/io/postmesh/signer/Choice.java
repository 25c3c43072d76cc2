package io.postmesh.signer;

import io.postmesh.contract.Envelope;
import io.postmesh.signer.keys.KeyRing;
import io.postmesh.signer.keys.SigningKey;
import java.util.List;

/// Whether a mail is signed, and by whom: always as the domain of its From field, which is what receivers compare
/// (DMARC), and only when policy let that very domain sign. So a sender never gets another one's signature.
sealed interface Choice {
    record Sign(List<SigningKey> keys) implements Choice {}

    /// @param domain the From domain, where there is one
    record Leave(Why why, String domain) implements Choice {}

    enum Why {
        NO_FROM_DOMAIN,
        NOT_ALLOWED,
        NO_KEY
    }

    static Choice of(Envelope envelope, KeyRing keys) {
        var from = envelope.content().fromDomain();
        if (from.isEmpty()) return new Leave(Why.NO_FROM_DOMAIN, "");
        var allowed = envelope.clearance().flatMap(c -> c.signAs()).filter(from.get()::equals);
        if (allowed.isEmpty()) return new Leave(Why.NOT_ALLOWED, from.get().name());
        return allowed.flatMap(keys::of)
                .<Choice>map(Sign::new)
                .orElseGet(() -> new Leave(Why.NO_KEY, from.get().name()));
    }
}
