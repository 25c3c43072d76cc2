package io.postmesh.audit.census;

/// Where a recipient can be found. Who is found in several places counts for the first one here.
public enum Place {
    DELIVERED("delivered", "the remote said 250"),
    FAILED("failed", "for good; the sender is told where that is allowed"),
    CANCELLED("cancelled", "by an operator; the sender is not told"),
    WAITING("waiting", "for the next attempt"),
    SUSPENDED("suspended", "by an operator, for a while"),
    HELD("held", "until somebody releases them"),
    DISCARDED("discarded", "by a rule, in mail.quarantine"),
    QUARANTINED("quarantined", "records nobody could handle, in mail.quarantine"),
    TO_DELIVER("to deliver", "in mail.signed, above delivery's committed position"),
    TO_SIGN("to sign", "in mail.cleared, above the signer's committed position"),
    TO_JUDGE("to judge", "in mail.accepted, above policy's committed position");

    private final String words;
    private final String meaning;

    Place(String words, String meaning) {
        this.words = words;
        this.meaning = meaning;
    }

    String words() {
        return words;
    }

    String meaning() {
        return meaning;
    }
}
