package io.postmesh.contract;

/// Who reads a trimmed topic to its end, by consumer group: the fixed list of LEDGER L21. What one of them has not
/// committed is still to be worked on: audit counts it as on its way, and the trimmer lets it be.
public enum Reader {
    POLICY("policy", Topics.ACCEPTED),
    SIGNER("signer", Topics.CLEARED),
    DELIVERY("mail-delivery", Topics.SIGNED),
    BOUNCER("bouncer", Topics.OUTCOMES);

    private final String group;
    private final Topics topic;

    Reader(String group, Topics topic) {
        this.group = group;
        this.topic = topic;
    }

    public String group() {
        return group;
    }

    public Topics topic() {
        return topic;
    }
}
