package io.postmesh.chart;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.kubernetes.client.custom.Quantity;
import io.kubernetes.client.custom.QuantityFormatException;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1CronJob;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Secret;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import java.util.Map;

/// Reads objects as Kubernetes does, and stricter: what its API would drop or turn into something else is refused.
final class KubernetesTypes {
    private static final Map<String, Class<?>> TYPES = Map.ofEntries(
            Map.entry("v1 ConfigMap", V1ConfigMap.class),
            Map.entry("v1 Secret", V1Secret.class),
            Map.entry("v1 Service", V1Service.class),
            Map.entry("v1 ServiceAccount", V1ServiceAccount.class),
            Map.entry("v1 Pod", V1Pod.class),
            Map.entry("apps/v1 Deployment", V1Deployment.class),
            Map.entry("apps/v1 StatefulSet", V1StatefulSet.class),
            Map.entry("batch/v1 CronJob", V1CronJob.class),
            Map.entry("autoscaling/v2 HorizontalPodAutoscaler", V2HorizontalPodAutoscaler.class),
            Map.entry("networking.k8s.io/v1 NetworkPolicy", V1NetworkPolicy.class),
            Map.entry("policy/v1 PodDisruptionBudget", V1PodDisruptionBudget.class),
            Map.entry("monitoring.coreos.com/v1 ServiceMonitor", CustomResources.ServiceMonitor.class),
            Map.entry("monitoring.coreos.com/v1 PrometheusRule", CustomResources.PrometheusRule.class),
            Map.entry("keda.sh/v1alpha1 ScaledObject", CustomResources.ScaledObject.class));

    // The types of Kubernetes' client are made of its OpenAPI document: they know every field, and which are required.
    private static final Gson GSON = new JSON().getGson();

    private KubernetesTypes() {}

    /// @throws AssertionError when the kind, a field or a value's type is not Kubernetes'
    static void check(JsonObject document) {
        var kind = document.get("apiVersion").getAsString() + " "
                + document.get("kind").getAsString();
        var type = TYPES.get(kind);
        if (type == null) throw new AssertionError("no such kind is expected of this chart: " + kind);
        read(document, type);
    }

    static <T> T read(JsonObject document, Class<T> type) {
        T object;
        try {
            object = GSON.fromJson(document, type);
        } catch (RuntimeException e) {
            throw new AssertionError(
                    Rendered.kind(document) + " " + Rendered.name(document) + ": " + e.getMessage(), e);
        }
        same(Rendered.kind(document) + " " + Rendered.name(document), document, GSON.toJsonTree(object));
        return object;
    }

    /// A text where a number belongs, or a field nobody knows, is not the same when it is written again.
    private static void same(String where, JsonElement given, JsonElement again) {
        if (given.isJsonObject() && again.isJsonObject()) {
            for (var entry : given.getAsJsonObject().entrySet()) {
                var other = again.getAsJsonObject().get(entry.getKey());
                if (other == null) throw new AssertionError(where + ": no field " + entry.getKey());
                same(where + "." + entry.getKey(), entry.getValue(), other);
            }
        } else if (given.isJsonArray() && again.isJsonArray()) {
            for (int i = 0; i < given.getAsJsonArray().size(); i++)
                same(
                        where + "[" + i + "]",
                        given.getAsJsonArray().get(i),
                        again.getAsJsonArray().get(i));
        } else if (!given.equals(again) && !sameQuantity(given, again)) {
            throw new AssertionError(where + " is " + given + ", and Kubernetes reads " + again);
        }
    }

    /// `2000` and `2k`, both as text.
    private static boolean sameQuantity(JsonElement given, JsonElement again) {
        if (!isText(given) || !isText(again)) return false;
        try {
            var one = Quantity.fromString(given.getAsString());
            return one.getNumber()
                            .compareTo(Quantity.fromString(again.getAsString()).getNumber())
                    == 0;
        } catch (QuantityFormatException e) {
            return false;
        }
    }

    private static boolean isText(JsonElement element) {
        return element.isJsonPrimitive() && element.getAsJsonPrimitive().isString();
    }
}
