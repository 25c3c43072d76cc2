package io.postmesh.lab.faults;

/// Something this machine lacks: the row is not run, which is not passed.
public final class CannotRun extends Exception {
    private static final long serialVersionUID = 1;

    public CannotRun(String why) {
        super(why);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
