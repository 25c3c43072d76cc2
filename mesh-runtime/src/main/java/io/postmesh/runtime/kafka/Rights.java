package io.postmesh.runtime.kafka;

import io.postmesh.contract.Topics;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourceType;

/// What Kafka has to allow a service, and nothing beyond. Whoever gives rights finds them as a table in
/// docs/operations.md.
public record Rights(List<Right> all) {
    public static final Rights NONE = new Rights(List.of());

    /// What every process of a mesh looks at before it works. Whoever reads, writes or deletes may describe.
    public static final Rights LOOK = NONE.on(AclOperation.DESCRIBE, Topics.values())
            .on(AclOperation.DESCRIBE_CONFIGS, Topics.values())
            .read(Topics.CONFIG);

    /// @param pattern of `name`: transactional ids begin with the service's name, and end with the instance's
    public record Right(AclOperation operation, ResourceType type, String name, PatternType pattern) {
        /// For the options of `kafka-acls.sh`.
        String option() {
            return switch (type) {
                        case TOPIC -> "--topic " + name;
                        case GROUP -> "--group " + name;
                        case TRANSACTIONAL_ID -> "--transactional-id " + name;
                        case CLUSTER -> "--cluster";
                        case ANY, DELEGATION_TOKEN, USER, UNKNOWN ->
                            throw new IllegalStateException("no right of ours: " + type);
                    }
                    + (pattern == PatternType.PREFIXED ? " --resource-pattern-type prefixed" : "");
        }
    }

    public Rights {
        all = List.copyOf(all);
    }

    public Rights read(Topics... topics) {
        return on(AclOperation.READ, topics);
    }

    public Rights write(Topics... topics) {
        return on(AclOperation.WRITE, topics);
    }

    /// Trims them: [org.apache.kafka.clients.admin.Admin#deleteRecords].
    public Rights trim(Topics... topics) {
        return on(AclOperation.DELETE, topics);
    }

    /// A stage: a member of the group of its name, whose transactions begin with it.
    public Rights stage(String name) {
        return group(AclOperation.READ, name)
                .with(new Right(AclOperation.WRITE, ResourceType.TRANSACTIONAL_ID, name + "-", PatternType.PREFIXED));
    }

    /// `READ` is membership, `DESCRIBE` a look at what it has committed.
    public Rights group(AclOperation operation, String name) {
        return with(new Right(operation, ResourceType.GROUP, name, PatternType.LITERAL));
    }

    /// A look at the brokers' disks; without it no floor is kept there, and the process says so.
    public Rights disks() {
        return with(new Right(AclOperation.DESCRIBE, ResourceType.CLUSTER, Resource.CLUSTER_NAME, PatternType.LITERAL));
    }

    public Rights and(Rights more) {
        return new Rights(
                Stream.concat(all.stream(), more.all.stream()).distinct().toList());
    }

    private Rights on(AclOperation operation, Topics... topics) {
        return and(new Rights(Stream.of(topics)
                .map(topic -> new Right(operation, ResourceType.TOPIC, topic.topic(), PatternType.LITERAL))
                .toList()));
    }

    private Rights with(Right right) {
        return and(new Rights(List.of(right)));
    }
}
