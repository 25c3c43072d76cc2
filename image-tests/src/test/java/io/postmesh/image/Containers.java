package io.postmesh.image;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Volume;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.startupcheck.StartupCheckStrategy;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/// Containers as docker-compose.yml makes them: read-only, without capabilities, one volume.
final class Containers {
    static final int HTTP = 8080;

    private static final String DATA = "/var/lib/postmesh";
    private static final Duration START = Duration.ofSeconds(180); // on a machine that builds meanwhile
    private static final Duration LIFE_OF_A_COMMAND = Duration.ofMinutes(4);
    private static final long MIB = 1 << 20;

    private Containers() {}

    /// A word that goes on until it is stopped; it is there when its health check says so.
    static GenericContainer<?> service(String volume, String... words) {
        return bare(words)
                .withCreateContainerCmdModifier(create -> confine(create, volume))
                .withExposedPorts(HTTP)
                .waitingFor(Wait.forHealthcheck())
                .withStartupTimeout(START);
    }

    /// A word without a `/readyz`.
    static GenericContainer<?> plain(String says, String... words) {
        return bare(words)
                .withCreateContainerCmdModifier(create -> hold(create.getHostConfig()))
                .waitingFor(Wait.forLogMessage(says, 1))
                .withStartupTimeout(START);
    }

    /// A word that ends by itself; it has started when it has ended, with whatever exit code.
    static GenericContainer<?> command(String volume, String... words) {
        return bare(words)
                .withCreateContainerCmdModifier(create -> confine(create, volume))
                .withStartupCheckStrategy(new HasEnded().withTimeout(LIFE_OF_A_COMMAND))
                .withStartupTimeout(LIFE_OF_A_COMMAND);
    }

    static GenericContainer<?> redis() {
        return new GenericContainer<>(DockerImageName.parse(Engine.REDIS_IMAGE))
                .withCommand("redis-server", "--bind", "0.0.0.0", "--protected-mode", "no", "--save", "")
                .withCreateContainerCmdModifier(create -> create.withUser("65532:65532"))
                .waitingFor(Wait.forLogMessage(".*Ready to accept connections.*\\n", 1))
                .withStartupTimeout(START);
    }

    private static GenericContainer<?> bare(String... words) {
        return new GenericContainer<>(DockerImageName.parse(Engine.IMAGE)).withCommand(words);
    }

    private static void confine(CreateContainerCmd create, String volume) {
        var host = hold(create.getHostConfig());
        if (!volume.isEmpty()) host.withBinds(new Bind(volume, new Volume(DATA)));
    }

    private static HostConfig hold(HostConfig host) {
        return host.withReadonlyRootfs(true)
                .withCapDrop(Capability.ALL)
                .withSecurityOpts(List.of("no-new-privileges:true"))
                .withTmpFs(Map.of("/tmp", "exec,mode=1777,size=128m"))
                .withMemory(1024 * MIB);
    }

    private static final class HasEnded extends StartupCheckStrategy {
        @Override
        public StartupStatus checkStartupState(DockerClient client, String id) {
            return "exited".equals(getCurrentState(client, id).getStatus())
                    ? StartupStatus.SUCCESSFUL
                    : StartupStatus.NOT_YET_KNOWN;
        }
    }
}
