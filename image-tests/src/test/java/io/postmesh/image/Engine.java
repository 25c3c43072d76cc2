package io.postmesh.image;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.ExposedPort;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;

/// This machine's container engine, and what is missing before the image can be tested with it.
final class Engine {
    static final String IMAGE = image("POSTMESH_IMAGE", "postmesh:0.1.0");
    static final String REDIS_IMAGE = image("POSTMESH_REDIS_IMAGE", "postmesh-debian");

    private static final String SOCKET = "/var/run/docker.sock";
    private static final Pattern API = Pattern.compile("\"ApiVersion\":\"([0-9.]+)\"");
    private static final int ANSWER = 65_536; // octets of /version that are read

    private Engine() {}

    static Optional<String> missing() {
        try {
            speakItsVersion();
        } catch (IOException e) {
            return Optional.of("no container engine answers at " + SOCKET + " (" + e.getMessage()
                    + "): install Debian's" + " docker.io and start dockerd");
        }
        if (!has(IMAGE)) return Optional.of("there is no image " + IMAGE + ": build it by deploy/image/build");
        if (!has(REDIS_IMAGE))
            return Optional.of("there is no image " + REDIS_IMAGE + ": deploy/image/base makes it, or name one that has"
                    + " a redis-server by POSTMESH_REDIS_IMAGE");
        return Optional.empty();
    }

    static DockerClient client() {
        return DockerClientFactory.instance().client();
    }

    /// Where a port of a container is on this machine now: after a start it is another than before.
    static int port(GenericContainer<?> container, int inside) {
        var bindings = container
                .getCurrentContainerInfo()
                .getNetworkSettings()
                .getPorts()
                .getBindings();
        var outside = Objects.requireNonNull(bindings.get(ExposedPort.tcp(inside)));
        return Integer.parseInt(outside[0].getHostPortSpec());
    }

    static void removeVolume(String name) {
        try {
            client().removeVolumeCmd(name).exec();
        } catch (NotFoundException _) {
            // nobody came so far as to use it
        }
    }

    // The client's own version is too new for Debian's engine, and a fixed one too old for the newest engines.
    private static void speakItsVersion() throws IOException {
        if (System.getProperty("api.version") != null || System.getenv("DOCKER_HOST") != null) return;
        var version = API.matcher(ask("GET /version HTTP/1.0\r\n\r\n"));
        if (!version.find()) throw new IOException("it does not name the version of its API");
        System.setProperty("api.version", version.group(1));
    }

    private static String ask(String request) throws IOException {
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(SOCKET))) {
            channel.write(ByteBuffer.wrap(request.getBytes(US_ASCII)));
            return new String(Channels.newInputStream(channel).readNBytes(ANSWER), US_ASCII);
        }
    }

    private static boolean has(String image) {
        try {
            client().inspectImageCmd(image).exec();
            return true;
        } catch (NotFoundException e) {
            return false;
        }
    }

    private static String image(String variable, String otherwise) {
        return Optional.ofNullable(System.getenv(variable))
                .filter(name -> !name.isEmpty())
                .orElse(otherwise);
    }
}
