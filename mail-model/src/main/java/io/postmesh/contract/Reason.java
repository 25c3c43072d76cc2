package io.postmesh.contract;

/// Why a recipient's mail ended or waits, in one word: the vocabulary of logs, metrics, records and operators.
public enum Reason {
    DELIVERED,
    REFUSED, // the remote said 5xx
    POLICY, // a rule of ours said no, after the 250 and before any remote was asked
    PUT_OFF, // the remote said 4xx
    GREYLISTED, // 4xx that looks like greylisting
    NO_SUCH_DOMAIN, // NXDOMAIN
    NULL_MX, // RFC 7505
    NO_HOST, // no MX, A or AAAA; or only forbidden addresses
    DNS, // the resolver did not answer
    CONNECT, // nobody answered the connection
    LOST_CONNECTION, // the session broke off
    TIMEOUT,
    TLS, // needed and not to be had
    AUTH, // the relay refused our credentials
    PROTOCOL, // the remote does not speak SMTP
    NEEDS_SMTPUTF8, // and the remote has it not: 5.6.7
    NEEDS_8BITMIME,
    TOO_LARGE, // SIZE of the remote
    EXPIRED, // gave up after the life time
    LIMIT, // held by a limit
    HELD, // held by a rule, or by an operator
    SUSPENDED, // an operator has its destination, or its kind, wait for a while
    CANCELLED, // removed by an operator, who tells nobody
    BOUNCED, // given up by an operator; the sender is told
    CANNOT_START, // parked: no room within 60 s (LEDGER L12)
    DESTINATION_RESTS, // a dead destination is left alone for a while
    SHUTDOWN, // ended before its dot because the worker stops
    BLOB_MISSING, // an alarm, never a skip (LEDGER L22)
    BLOB_DAMAGED, // likewise: its bytes are not those that were stored
    DUPLICATE,
    QUARANTINED, // its worker died over it, again and again: an operator's to look at (LEDGER L19)
    INTERNAL; // our fault; retried

    /// A fault of this system, for which no remote is to blame.
    public boolean isOurs() {
        return this == BLOB_MISSING || this == BLOB_DAMAGED || this == INTERNAL;
    }
}
