package io.postmesh.chart;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1CronJob;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1EnvVar;
import io.kubernetes.client.openapi.models.V1LabelSelector;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodSpec;
import io.kubernetes.client.openapi.models.V1PodTemplateSpec;
import io.kubernetes.client.openapi.models.V1Secret;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;

/// The objects Helm made of the chart, as the documents they are and as Kubernetes' types.
record Rendered(List<JsonObject> documents) {
    private static final Gson GSON = new Gson();

    static final int SCALED = -1;
    static final String COMPONENT = "app.kubernetes.io/component";

    /// What runs, whatever kind of object makes it run.
    ///
    /// @param replicas [#SCALED]: an autoscaler decides
    record Workload(
            String name,
            String component,
            int replicas,
            Map<String, String> selector,
            Map<String, String> labels,
            Map<String, String> annotations,
            V1PodSpec pod) {

        V1Container container() {
            return pod.getContainers().getFirst();
        }

        /// What this component has and others may not; the rest is in [Rendered#settings].
        Map<String, String> env() {
            var env = new TreeMap<String, String>();
            List<V1EnvVar> given = container().getEnv();
            if (given != null) given.forEach(v -> env.put(v.getName(), v.getValue()));
            return env;
        }
    }

    Rendered {
        documents = List.copyOf(documents);
    }

    static Rendered parse(String yaml) {
        var documents = new ArrayList<JsonObject>();
        for (var document : new Yaml().loadAll(yaml)) {
            if (document != null) documents.add(GSON.toJsonTree(document).getAsJsonObject());
        }
        return new Rendered(documents);
    }

    static String kind(JsonObject document) {
        return document.get("kind").getAsString();
    }

    static String name(JsonObject document) {
        return document.getAsJsonObject("metadata").get("name").getAsString();
    }

    List<JsonObject> ofKind(String kind) {
        return documents.stream().filter(d -> kind(d).equals(kind)).toList();
    }

    <T> List<T> all(Class<T> type, String kind) {
        return ofKind(kind).stream().map(d -> KubernetesTypes.read(d, type)).toList();
    }

    /// Everything of this kind, by name.
    JsonObject one(String kind, String name) {
        return ofKind(kind).stream()
                .filter(d -> name(d).equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + kind + " " + name));
    }

    Workload workload(String component) {
        return workloads().stream()
                .filter(w -> w.component().equals(component))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no component " + component));
    }

    List<Workload> workloads() {
        var all = new ArrayList<Workload>();
        for (var d : all(V1Deployment.class, "Deployment")) {
            var spec = d.getSpec();
            all.add(workload(name(d.getMetadata()), spec.getReplicas(), spec.getSelector(), spec.getTemplate()));
        }
        for (var s : all(V1StatefulSet.class, "StatefulSet")) {
            var spec = s.getSpec();
            all.add(workload(name(s.getMetadata()), spec.getReplicas(), spec.getSelector(), spec.getTemplate()));
        }
        return all;
    }

    /// The names of the Services that lead to it.
    List<String> servicesOf(Workload workload) {
        return all(V1Service.class, "Service").stream()
                .filter(s -> workload.labels()
                        .entrySet()
                        .containsAll(s.getSpec().getSelector().entrySet()))
                .map(s -> name(s.getMetadata()))
                .toList();
    }

    /// What runs now and then.
    List<V1CronJob> cronJobs() {
        return all(V1CronJob.class, "CronJob");
    }

    /// Pods of `helm test`.
    List<V1Pod> testPods() {
        return all(V1Pod.class, "Pod");
    }

    /// What is no secret, in the environment of every pod.
    Map<String, String> settings() {
        var sources = workloads().stream()
                .map(w ->
                        w.container().getEnvFrom().getFirst().getConfigMapRef().getName())
                .distinct()
                .toList();
        if (sources.size() != 1) throw new AssertionError("settings come from " + sources);
        return KubernetesTypes.read(one("ConfigMap", sources.getFirst()), V1ConfigMap.class)
                .getData();
    }

    /// What the chart keeps in a Secret of the release.
    Map<String, String> secret(String name) {
        return KubernetesTypes.read(one("Secret", name), V1Secret.class).getStringData();
    }

    private static Workload workload(
            String name, @Nullable Integer replicas, V1LabelSelector selector, V1PodTemplateSpec template) {
        var labels = template.getMetadata().getLabels();
        return new Workload(
                name,
                String.valueOf(labels.get(COMPONENT)),
                replicas == null ? SCALED : replicas,
                selector.getMatchLabels(),
                labels,
                template.getMetadata().getAnnotations(),
                template.getSpec());
    }

    private static String name(V1ObjectMeta metadata) {
        return metadata.getName();
    }
}
