package io.postmesh.local;

import io.postmesh.delivery.DeliveryService;
import io.postmesh.embedded.DataFolder;
import io.postmesh.policy.PolicyService;
import io.postmesh.runtime.kafka.BadTopics;
import io.postmesh.runtime.kafka.Predecessor;
import io.postmesh.runtime.life.Platform;
import io.postmesh.runtime.life.ServiceRun;
import io.postmesh.runtime.settings.HostPort;
import io.postmesh.signer.SignerService;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The whole mesh in this process. Nothing here knows that the services share a process: they meet in Kafka.
final class Node {
    private static final Logger log = LoggerFactory.getLogger(Node.class);

    private final Ground ground;
    private final HostPort smtp;

    private Node(Ground ground, HostPort smtp) {
        this.ground = ground;
        this.smtp = smtp;
    }

    /// Returns when mail is welcome and every stage works.
    ///
    /// @param run  what is opened here is closed with it, also after a start that failed or was cut off
    /// @param data locked by this process
    /// @throws IOException with a sentence for the operator when it cannot start
    static Node start(ServiceRun run, NodeConfig config, DataFolder data) throws IOException, BadTopics {
        var ground = Ground.open(run, config.ground(), config.roles(), data);
        if (config.ground().kafka().bringsOwnBroker())
            Predecessor.removeMembers(ground.platform().kafka(), groups());
        int port = config.roles().open(run, ground.platform()).orElseThrow();
        ground.ready(run);
        var node = new Node(ground, new HostPort(config.ingress().listen().host(), port));
        log.info("ready: SMTP on {}, HTTP on {}", node.smtp(), node.http());
        return node;
    }

    private static List<String> groups() {
        return Stream.of(PolicyService.GROUPS, SignerService.GROUPS, DeliveryService.GROUPS)
                .flatMap(List::stream)
                .toList();
    }

    HostPort smtp() {
        return smtp;
    }

    HostPort http() {
        return ground.http();
    }

    Platform platform() {
        return ground.platform();
    }

    /// Completes, with the reason, when the broker in this process gave up.
    CompletableFuture<String> died() {
        return ground.died();
    }
}
