package io.postmesh.audit.census;

import io.postmesh.mail.MailId;

/// A recipient that was accepted and is found nowhere.
public record Missing(MailId id, int position) implements Comparable<Missing> {
    @Override
    public int compareTo(Missing other) {
        int byId = id.compareTo(other.id);
        return byId != 0 ? byId : Integer.compare(position, other.position);
    }

    @Override
    public String toString() {
        return id + " recipient " + position;
    }
}
