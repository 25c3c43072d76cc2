package io.postmesh.signer.keys;

/// A key that cannot sign. The message says what is wrong and what to do, and holds nothing of the key.
final class UnusableKey extends Exception {
    private static final long serialVersionUID = 1;

    UnusableKey(String whatAndFix) {
        super(whatAndFix);
    }
}
