package io.postmesh.local;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// A real Prometheus reads what a mesh tells, and finds in it what rules and dashboards ask for.
@ExtendWith(SharedMesh.class)
class ScrapedTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    @TempDir
    private Path folder;

    private RealPrometheus prometheus;

    @BeforeEach
    void open(TestMesh mesh) throws Exception {
        Programs.need("prometheus", "prometheus");
        prometheus = RealPrometheus.scraping(mesh.http(), folder);
    }

    @AfterEach
    void close() throws InterruptedException {
        if (prometheus != null) prometheus.close();
    }

    @Test
    void everyRuleCanBeEvaluatedAndNoAlertRingsInAMeshThatIsWell(TestMesh mesh) throws Exception {
        await().atMost(TestMesh.SOON).until(() -> !prometheus.query("up == 1").isEmpty());
        mesh.submit("ann@demo.test", "ok-scraped@one.test");
        mesh.awaitAtSink("ok-scraped@one.test");
        await().atMost(TestMesh.SOON)
                .until(() -> !prometheus
                        .query("sum(rate(postmesh_messages_accepted_total[1m])) > 0")
                        .isEmpty());
        await().atMost(TestMesh.SOON)
                .untilAsserted(() -> assertThat(rules())
                        .isNotEmpty()
                        .allSatisfy(rule -> assertThat(rule.getString("health"))
                                .as(rule.encode())
                                .isEqualTo("ok")));
        assertThat(rules()).noneMatch(rule -> "firing".equals(rule.getString("state")));
        assertThat(prometheus.query("postmesh_build_info")).hasSize(1);
    }

    @Test
    void aSampledMailLeadsFromAHistogramToItsTrace(TestMesh mesh) throws Exception {
        await().atMost(TestMesh.SOON).until(() -> !prometheus.query("up == 1").isEmpty());
        var since = Instant.now().minusSeconds(60).getEpochSecond();
        var mail = "From: ann@demo.test\r\nTraceparent: 00-" + TRACE + "-b7ad6b7169203331-01\r\n\r\nx\r\n";
        assertThat(mesh.submitRaw("ann@demo.test", "ok-traced@one.test", mail.getBytes(US_ASCII)))
                .startsWith("250");
        await().atMost(TestMesh.SOON)
                .until(() -> prometheus
                        .ask("query_exemplars?query="
                                + RealPrometheus.encoded("postmesh_message_time_to_delivered_seconds_bucket")
                                + "&start=" + since + "&end="
                                + Instant.now().plusSeconds(60).getEpochSecond())
                        .encode()
                        .contains(TRACE));
    }

    private List<JsonObject> rules() {
        return objects(prometheus.ask("rules").getJsonObject("data").getJsonArray("groups")).stream()
                .flatMap(group -> objects(group.getJsonArray("rules")).stream())
                .toList();
    }

    private static List<JsonObject> objects(JsonArray array) {
        return IntStream.range(0, array.size()).mapToObj(array::getJsonObject).toList();
    }
}
