package io.postmesh.embedded;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/// What a broker on one machine needs, alone or with its peers, each with its reason. Kafka's own defaults are for a
/// rack.
///
/// @param durable fsync each appended batch of every topic; without, topics say so themselves
/// @param outside a listener beside that of loopback
/// @param guard   two more, which ask who is there
record BrokerSettings(
        Path folder,
        Quorum quorum,
        int node,
        boolean durable,
        Optional<EmbeddedKafka.Outside> outside,
        Optional<Guard.Posted> guard) {
    private static final String CLEAR = "PLAINTEXT"; // of loopback: the protocol, and the listener of that name

    Properties properties() {
        var p = new Properties();
        place(p);
        if (quorum.isCluster()) {
            peers(p);
        } else {
            alone(p);
        }
        internalTopics(p);
        disk(p);
        smallHouse(p);
        return p;
    }

    private void place(Properties p) {
        int port = quorum.seat(node).port();
        int controllerPort = quorum.seat(node).controllerPort();
        p.put("process.roles", "broker,controller");
        p.put("node.id", Integer.toString(node));
        p.put("controller.quorum.voters", quorum.voters());
        p.put("controller.listener.names", "CONTROLLER");
        p.put("listener.security.protocol.map", "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT");
        p.put("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
        p.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
        quorum.seat(node)
                .way()
                .ifPresent(way -> beside(p, "WAY", CLEAR, "127.0.0.1:" + way.port(), "127.0.0.1:" + way.told()));
        outside.ifPresent(out -> beside(p, "OUTSIDE", CLEAR, out.host() + ":" + out.port(), out.told()));
        guard.ifPresent(posted -> posted.describe(p));
        p.put("log.dirs", folder.toString());
        p.put("auto.create.topics.enable", "false");
        p.put("metadata.max.idle.interval.ms", "5000"); // each idle record is an fsync
    }

    static void beside(Properties p, String name, String protocol, String listen, String told) {
        p.merge("listeners", "," + name + "://" + listen, BrokerSettings::joined);
        p.merge("advertised.listeners", "," + name + "://" + told, BrokerSettings::joined);
        p.merge("listener.security.protocol.map", "," + name + ":" + protocol, BrokerSettings::joined);
        p.put("inter.broker.listener.name", CLEAR);
    }

    private static Object joined(Object one, Object other) {
        return one.toString() + other;
    }

    private static void alone(Properties p) {
        p.put("group.initial.rebalance.delay.ms", "0"); // nobody else will join
        p.put("broker.heartbeat.interval.ms", "200"); // start and stop wait for one
        p.put("broker.session.timeout.ms", "3000"); // so long a killed predecessor keeps its node id (LEDGER L24)
    }

    /// A broker that died is noticed in 6 s, and its partitions led by another; a busy machine is no death.
    private static void peers(Properties p) {
        p.put("group.initial.rebalance.delay.ms", "500"); // copies start side by side
        p.put("broker.heartbeat.interval.ms", "500");
        p.put("broker.session.timeout.ms", "6000");
        p.put("replica.lag.time.max.ms", "10000"); // who hangs leaves the in-sync replicas, so writes go on
        p.put("controller.quorum.fetch.timeout.ms", "4000");
    }

    /// Defaults ask for three replicas: the first join or transaction would wait for ever on one node.
    private void internalTopics(Properties p) {
        var replicas = Integer.toString(Math.min(3, quorum.seats().size()));
        var inSync = Integer.toString(quorum.seats().size() > 2 ? 2 : 1); // any one of three may be away
        p.put("default.replication.factor", replicas);
        p.put("min.insync.replicas", inSync);
        p.put("offsets.topic.replication.factor", replicas);
        p.put("offsets.topic.num.partitions", "4");
        p.put("offsets.topic.segment.bytes", "16777216");
        p.put("transaction.state.log.replication.factor", replicas);
        p.put("transaction.state.log.min.isr", inSync);
        p.put("transaction.state.log.num.partitions", "4");
        p.put("transaction.state.log.segment.bytes", "16777216");
        p.put("share.coordinator.state.topic.replication.factor", replicas);
        p.put("share.coordinator.state.topic.min.isr", inSync);
        p.put("share.coordinator.state.topic.num.partitions", "1");
        p.put("offsets.retention.minutes", "2147483647"); // a machine that was off for weeks still knows where it stood
        p.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000"); // LEDGER L24
    }

    private void disk(Properties p) {
        if (durable) p.put("log.flush.interval.messages", "1"); // one fsync per appended batch: the group commit
        p.put("log.flush.offset.checkpoint.interval.ms", "10000"); // after kill -9, read back 10 s of log, not 60
        p.put("log.segment.bytes", "134217728");
        p.put("log.index.size.max.bytes", "1048576");
        p.put("log.retention.ms", "-1"); // time never deletes mail
        p.put("message.max.bytes", "8388608");
    }

    /// The cleaner's default buffer alone is 128 MiB of heap.
    private static void smallHouse(Properties p) {
        p.put("log.cleaner.dedupe.buffer.size", "4194304"); // 150,000 keys a pass
        p.put("log.cleaner.threads", "1");
        p.put("num.network.threads", "2");
        p.put("num.io.threads", "4");
        p.put("background.threads", "2");
        p.put("num.recovery.threads.per.data.dir", "2");
    }
}
