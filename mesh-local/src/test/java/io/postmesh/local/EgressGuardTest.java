package io.postmesh.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Counter;
import io.postmesh.delivery.plan.Egress;
import io.postmesh.embedded.DataFolder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Nothing leaves the machine in `dev`.
class EgressGuardTest {
    @TempDir
    private Path folder;

    @Test
    void noSettingOfTheEnvironmentOpensTheGuard() throws Exception {
        try (var data = DataFolder.lock(folder);
                var playground = Playground.open(data)) {
            var hostile = Map.of(
                    "POSTMESH_EGRESS", "any",
                    "POSTMESH_DNS_SERVERS", "192.0.2.53",
                    "POSTMESH_DELIVERY_PORT", "25",
                    "RELAYHOST", "[192.0.2.1]:25");
            for (var flags : List.of(Map.<String, String>of(), Map.of("POSTMESH_EGRESS", "any"))) {
                var config = NodeConfig.from(playground.settings(flags, hostile, data), data.path());
                assertThat(config.delivery().carrier().egress()).isEqualTo(Egress.LOOPBACK);
                assertThat(config.delivery().carrier().dnsServers())
                        .allMatch(server -> server.host().equals("127.0.0.1"));
            }
        }
    }

    // Were the guard open, a connection would be seen: the address is this machine's, a listener waits there.
    @Test
    void aHostOutsideLoopbackIsNeverConnectedTo() throws Exception {
        neverConnects((plan, outside) -> plan.set("POSTMESH_DELIVERY_PORT", Integer.toString(outside.getPort()))
                .zone("""
                        * MX 10 outside
                        outside A %s
                        """.formatted(outside.getAddress().getHostAddress())));
    }

    @Test
    void norIsARelayOutsideLoopback() throws Exception {
        neverConnects((plan, outside) ->
                plan.set("RELAYHOST", "[" + outside.getAddress().getHostAddress() + "]:" + outside.getPort()));
    }

    private static void neverConnects(BiFunction<TestMesh.Plan, InetSocketAddress, TestMesh.Plan> leadOutside)
            throws Exception {
        var outside = outsideAddress();
        assumeThat(outside)
                .as("an address of this machine that is not loopback")
                .isPresent();
        var connections = new AtomicInteger();
        try (var listener = new ServerSocket(0, 10, outside.get())) {
            Thread.ofVirtual().start(() -> {
                while (!listener.isClosed()) {
                    try (var socket = listener.accept()) {
                        connections.incrementAndGet();
                    } catch (java.io.IOException closed) {
                        return;
                    }
                }
            });
            var plan = TestMesh.with("POSTMESH_RETRY_SCHEDULE", "200ms");
            var there = (InetSocketAddress) listener.getLocalSocketAddress();
            try (var mesh = leadOutside.apply(plan, there).start()) {
                mesh.submit("ann@demo.test", "bob@outside.test");
                await().atMost(TestMesh.SOON).until(() -> triedInVain(mesh));
            }
            assertThat(connections).hasValue(0);
        }
    }

    // Put off or failed for good: either way the attempt was made and has ended.
    private static boolean triedInVain(TestMesh mesh) {
        return mesh.node().platform().meters().getMeters().stream()
                .filter(meter -> meter instanceof Counter)
                .filter(meter -> meter.getId().getName().matches("postmesh_delivery_(deferred|failed)_total"))
                .anyMatch(meter -> ((Counter) meter).count() > 0);
    }

    private static Optional<InetAddress> outsideAddress() throws Exception {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof java.net.Inet4Address && !address.isLoopbackAddress())
                .findFirst();
    }
}
