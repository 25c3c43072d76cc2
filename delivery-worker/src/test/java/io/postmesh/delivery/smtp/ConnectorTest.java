package io.postmesh.delivery.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ConnectTimeoutException;
import io.postmesh.contract.Reason;
import io.postmesh.delivery.plan.Host;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConnectorTest {
    private static final Host HOST =
            new Host("mx.one.test", "one.test", InetAddress.ofLiteral("192.0.2.1"), 25, 0, false);

    @Test
    void whatKeepsAConnectionFromComingAboutIsToldFromWhatEndsIt() {
        var meanings = Map.of(
                new ConnectTimeoutException("connection timed out"), Reason.TIMEOUT,
                new ConnectException("Connection refused"), Reason.CONNECT,
                new NoRouteToHostException("No route to host"), Reason.CONNECT,
                new BindException("Cannot assign requested address"), Reason.CONNECT,
                new SocketException("Network is unreachable"), Reason.CONNECT,
                new IllegalStateException("a bug"), Reason.CONNECT,
                // The same reset, met by the connect when it is slower than the remote.
                new SocketException("Connection reset"), Reason.LOST_CONNECTION,
                new IOException("Connection reset by peer"), Reason.LOST_CONNECTION,
                new ClosedChannelException(), Reason.LOST_CONNECTION);
        meanings.forEach((cause, reason) -> assertThat(
                        Connector.failed(cause, HOST).verdict().reason())
                .as("%s", cause)
                .isEqualTo(reason));
    }

    @Test
    void aResetSeenByTheConnectIsTheSameVerdictAsOneSeenByTheSocket() {
        var seenBySocket = io.postmesh.delivery.outcome.Outcomes.judge(
                io.postmesh.delivery.outcome.Step.BANNER, io.postmesh.delivery.outcome.Fault.CLOSED);
        assertThat(Connector.failed(new SocketException("Connection reset"), HOST)
                        .verdict())
                .isEqualTo(seenBySocket);
    }
}
