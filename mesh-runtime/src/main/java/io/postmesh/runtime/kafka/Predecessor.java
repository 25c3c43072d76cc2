package io.postmesh.runtime.kafka;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownMemberIdException;

/// What a killed process left behind in Kafka. On one node nobody else can be alive, as the data folder's lock proves;
/// so its group members need not be waited for (LEDGER L24). Its open transactions end when stages take their ids.
public final class Predecessor {
    private Predecessor() {}

    /// Call it before any of the groups is joined, and only while holding the data folder's lock.
    ///
    /// @throws IOException when Kafka does not answer
    public static void removeMembers(KafkaSettings kafka, Collection<String> groups) throws IOException {
        try (var admin = Admin.create(kafka.admin("predecessor"))) {
            for (var group : groups) removeMembers(admin, group);
        }
    }

    private static void removeMembers(Admin admin, String group) throws IOException {
        try {
            if (hasMembers(admin, group)) removeAll(admin, group);
        } catch (IOException e) {
            if (!isNobodyThere(e)) throw e;
        }
    }

    private static boolean hasMembers(Admin admin, String group) throws IOException {
        var there =
                MeshTopics.answer(admin.describeConsumerGroups(List.of(group)).all());
        return there.values().stream().anyMatch(found -> !found.members().isEmpty());
    }

    /// "All members" of a group that has none is an error to Kafka's client, and the last of them may leave by
    /// themselves, their sessions over, between our look and this.
    static void removeAll(Admin admin, String group) throws IOException {
        try {
            MeshTopics.answer(admin.removeMembersFromConsumerGroup(group, new RemoveMembersFromConsumerGroupOptions())
                    .all());
        } catch (IOException e) {
            if (hasMembers(admin, group)) throw e;
        }
    }

    private static boolean isNobodyThere(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof GroupIdNotFoundException || cause instanceof UnknownMemberIdException) return true;
        }
        return false;
    }
}
