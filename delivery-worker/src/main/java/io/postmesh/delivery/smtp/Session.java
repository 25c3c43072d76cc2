package io.postmesh.delivery.smtp;

import io.postmesh.delivery.outcome.Step;
import io.postmesh.delivery.plan.Host;
import io.postmesh.mail.SmtpReply;

/// A connection that has been greeted and, where wanted, encrypted and logged in: ready for mail after mail.
final class Session {
    private final SmtpConnection connection;
    private final Host host;
    private final Extensions extensions;
    private final String tls;
    private int mails;
    private boolean needsReset;

    /// @param tls protocol and cipher; empty in clear
    Session(SmtpConnection connection, Host host, Extensions extensions, String tls) {
        this.connection = connection;
        this.host = host;
        this.extensions = extensions;
        this.tls = tls;
    }

    SmtpConnection connection() {
        return connection;
    }

    Host host() {
        return host;
    }

    Extensions extensions() {
        return extensions;
    }

    String tls() {
        return tls;
    }

    boolean isReused() {
        return mails > 1;
    }

    int mails() {
        return mails;
    }

    void beginMail() {
        mails++;
    }

    /// A transaction was given up half-way: the next one begins with RSET.
    void leaveOpen() {
        needsReset = true;
    }

    boolean needsReset() {
        return needsReset;
    }

    void wasReset() {
        needsReset = false;
    }

    SmtpReply hear(Step step) throws Setback {
        var reply = connection.hear(step);
        // RFC 5321 §3.8: whatever was asked, 421 is the end of the session.
        if (reply.code() == 421) throw Setback.said(step, reply);
        return reply;
    }
}
