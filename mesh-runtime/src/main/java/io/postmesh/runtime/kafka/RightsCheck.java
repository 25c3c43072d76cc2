package io.postmesh.runtime.kafka;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.resource.ResourceType;
import org.jspecify.annotations.Nullable;

/// Asks Kafka, before any mail is touched, what it allows us: a right that is missing is told at the start, not by the
/// first mail that needs it. What a transactional id, or a group that was never used, is allowed, Kafka does not say:
/// the stage hears it when it begins.
final class RightsCheck {
    private final Admin admin;
    private final List<String> problems = new ArrayList<>();

    private RightsCheck(Admin admin) {
        this.admin = admin;
    }

    /// @param unmade topics we could not see, and were not allowed to make
    /// @throws BadTopics a line for each right that is missing
    static void check(Admin admin, Rights rights, Set<String> unmade) throws BadTopics, IOException {
        var check = new RightsCheck(admin);
        check.topics(rights, unmade);
        check.groups(rights);
        if (!check.problems.isEmpty()) throw new BadTopics(check.problems);
    }

    private void topics(Rights rights, Set<String> unmade) throws IOException {
        var needed = needed(rights, ResourceType.TOPIC);
        var asked = admin.describeTopics(needed.keySet(), new DescribeTopicsOptions().includeAuthorizedOperations(true))
                .topicNameValues();
        for (var topic : needed.keySet()) {
            var allowed = allowed(asked.get(topic), TopicDescription::authorizedOperations);
            if (allowed.isPresent()) note(needed.get(topic), allowed.get());
            else if (unmade.contains(topic)) problems.add(unmade(topic));
        }
    }

    private void groups(Rights rights) throws IOException {
        var needed = needed(rights, ResourceType.GROUP);
        var asked = admin.describeConsumerGroups(
                        needed.keySet(), new DescribeConsumerGroupsOptions().includeAuthorizedOperations(true))
                .describedGroups();
        for (var group : needed.keySet()) {
            var allowed = allowed(asked.get(group), ConsumerGroupDescription::authorizedOperations);
            if (allowed.isPresent()) note(needed.get(group), allowed.get());
        }
    }

    private static Map<String, List<Rights.Right>> needed(Rights rights, ResourceType type) {
        var needed = new TreeMap<String, List<Rights.Right>>();
        for (var right : rights.all())
            if (right.type() == type)
                needed.computeIfAbsent(right.name(), _ -> new ArrayList<>()).add(right);
        return needed;
    }

    /// @return empty when there is no such thing, or a Kafka without rules
    private static <T> Optional<Set<AclOperation>> allowed(
            @Nullable Future<T> asked, Function<T, @Nullable Set<AclOperation>> operations) throws IOException {
        try {
            return Optional.ofNullable(operations.apply(MeshTopics.answer(Objects.requireNonNull(asked))));
        } catch (IOException e) {
            if (e.getCause() instanceof AuthorizationException) return Optional.of(Set.of());
            if (e.getCause() instanceof UnknownTopicOrPartitionException
                    || e.getCause() instanceof GroupIdNotFoundException) return Optional.empty();
            throw e;
        }
    }

    private void note(List<Rights.Right> needed, Set<AclOperation> allowed) {
        for (var right : needed)
            if (!allowed.contains(right.operation()))
                problems.add(right.name() + ": Kafka does not allow this user to " + right.operation()
                        + "; run kafka-acls.sh --add --allow-principal User:... --operation " + right.operation() + " "
                        + right.option());
    }

    private static String unmade(String topic) {
        return topic + ": is not there, and Kafka does not allow this user to make it; start a service once as a user"
                + " who may, or run kafka-acls.sh --add --allow-principal User:... --operation CREATE --topic " + topic;
    }
}
