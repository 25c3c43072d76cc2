package io.postmesh.policy.judge;

/// One rule's question to a message. Pure: everything it may know is in the submission.
@FunctionalInterface
public interface Check {
    Finding look(Submission mail);
}
