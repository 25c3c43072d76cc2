package io.postmesh.audit.census;

/// More recipients than there is memory to count.
public final class TooMany extends Exception {
    private static final long serialVersionUID = 1;

    TooMany(int most) {
        super("more than " + most + " recipients were accepted in this time");
    }
}
