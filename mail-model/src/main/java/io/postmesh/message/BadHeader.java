package io.postmesh.message;

/// A header section that is none. The message goes into a reply line: it is ours, not the sender's words.
public final class BadHeader extends Exception {
    private static final long serialVersionUID = 1;

    BadHeader(String what) {
        super(what);
    }
}
