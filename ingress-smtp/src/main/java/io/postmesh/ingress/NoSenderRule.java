package io.postmesh.ingress;

/// Nobody said who may send. boky/postfix does not start then, with exit code 1; nor do we: an open door by accident is
/// how relays get onto block lists.
public final class NoSenderRule extends Exception {
    private static final long serialVersionUID = 1;

    NoSenderRule() {
        super("Set ALLOWED_SENDER_DOMAINS to the domains that may send,"
                + " or ALLOW_EMPTY_SENDER_DOMAINS=true to let trusted clients send for every domain.");
    }
}
