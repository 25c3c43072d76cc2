package io.postmesh.delivery.owner;

/// State and body are another owner's to write (LEDGER L15): what was to be written about them was not.
final class LeaseLost extends Exception {
    private static final long serialVersionUID = 1;

    LeaseLost() {
        super("the partition is somebody else's");
    }
}
