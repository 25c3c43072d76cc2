package io.postmesh.ingress.session;

/// Why a reply is what it is: one word for meters, logs and the count of errors.
public enum Remark {
    /// The client got what it asked for and mail moved on.
    FINE(Cost.FREE),
    /// Harmless, but it moves no mail: NOOP, VRFY, RSET, a greeting.
    IDLE(Cost.JUNK),
    /// A line that is no command, or a command with wrong arguments.
    SYNTAX(Cost.ERROR),
    /// A command out of order.
    ORDER(Cost.ERROR),
    /// What no mail client sends: smuggling, HTTP, talking before being asked.
    PROTOCOL(Cost.ERROR),
    /// A client outside of mynetworks.
    CLIENT(Cost.ERROR),
    /// A sender domain that may not send here.
    SENDER(Cost.ERROR),
    /// A recipient that cannot be mailed.
    RECIPIENT(Cost.ERROR),
    /// More recipients than one message may have: no fault, the rest come in the next transaction (§4.5.3.1.10).
    RECIPIENT_COUNT(Cost.FREE),
    /// Larger than the limit.
    SIZE(Cost.ERROR),
    /// A message no one would deliver: bad header, no From, a loop, lines too long.
    CONTENT(Cost.ERROR),
    /// Over the rate of the client's network.
    RATE(Cost.ERROR),
    /// Our memory for mail in flight is taken.
    MEMORY(Cost.FREE),
    /// A disk that mail is written to is nearly full.
    SPACE(Cost.FREE),
    /// Kafka or the blob store does not take mail.
    STORE(Cost.FREE),
    /// Too many connections, or the process is stopping.
    CONNECTIONS(Cost.FREE),
    /// Too slow, too silent.
    DEADLINE(Cost.FREE),
    /// Too many errors, or commands to no purpose, in one session.
    PATIENCE(Cost.FREE);

    /// What the client pays from its patience account.
    public enum Cost {
        FREE,
        JUNK,
        ERROR
    }

    private final Cost cost;

    Remark(Cost cost) {
        this.cost = cost;
    }

    public Cost cost() {
        return cost;
    }
}
