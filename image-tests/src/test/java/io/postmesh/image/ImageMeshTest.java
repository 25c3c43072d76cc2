package io.postmesh.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.GenericContainer;

@NeedsImage
class ImageMeshTest {
    private static final Duration TO_NOTICE = Duration.ofSeconds(90);

    private static ImageMesh mesh;

    @BeforeAll
    static void start() {
        mesh = new ImageMesh();
    }

    @AfterAll
    static void stop() {
        if (mesh != null) mesh.close();
    }

    @Test
    void mail_goes_through_four_containers_once_and_the_audit_misses_nobody() {
        mesh.send(200, 25, "through.test");

        assertThat(mesh.arrived(200, "through.test")).as("twice").isZero();
        assertThat(mesh.ask("audit", "--since", "1h")).satisfies(audit -> {
            assertThat(audit.output()).containsPattern("\\b0 +missing");
            assertThat(audit.code()).isZero();
        });
    }

    @Test
    void a_worker_that_is_killed_and_started_again_loses_nobody() {
        var sent = CompletableFuture.runAsync(() -> mesh.send(400, 20, "kill.test"));
        await().atMost(TO_NOTICE).until(() -> !mesh.recipients("kill.test").isEmpty());
        Engine.client().killContainerCmd(mesh.delivery.getContainerId()).exec();
        Engine.client().startContainerCmd(mesh.delivery.getContainerId()).exec();

        sent.join();
        mesh.arrived(400, "kill.test");
        assertThat(mesh.ask("audit", "--since", "1h").code()).isZero();
    }

    @Test
    void a_kafka_that_does_not_answer_is_told_by_the_health_of_a_stage_and_mail_flows_when_it_does() {
        Engine.client().pauseContainerCmd(mesh.kafka.getContainerId()).exec();
        try {
            await().atMost(TO_NOTICE).until(() -> ImageMesh.health(mesh.policy) == 1);
        } finally {
            Engine.client().unpauseContainerCmd(mesh.kafka.getContainerId()).exec();
        }
        await().atMost(TO_NOTICE).until(() -> ImageMesh.health(mesh.policy) == 0);
        mesh.send(20, 10, "after.test");
        mesh.arrived(20, "after.test");
    }

    @Test
    void mail_flows_while_redis_does_not_answer() {
        Engine.client().pauseContainerCmd(mesh.redis.getContainerId()).exec();
        try {
            mesh.send(20, 2, "limits.test");
            mesh.arrived(20, "limits.test");
        } finally {
            Engine.client().unpauseContainerCmd(mesh.redis.getContainerId()).exec();
        }
    }

    @Test
    void every_service_is_healthy_and_uses_the_cache_that_the_build_trained() throws IOException, InterruptedException {
        for (GenericContainer<?> service : mesh.services()) {
            await().atMost(TO_NOTICE).until(() -> ImageMesh.health(service) == 0);
            assertThat(mesh.metrics(service)).contains("postmesh_aot_cache_in_use 1");
        }
    }
}
