package io.postmesh.chart;

import com.google.gson.annotations.SerializedName;
import java.util.List;
import java.util.Map;

/// The kinds of the Prometheus operator and of KEDA, as far as the chart uses them: a field that is not here is
/// refused.
final class CustomResources {
    private CustomResources() {}

    record Metadata(String name, Map<String, String> labels) {}

    record Selector(Map<String, String> matchLabels) {}

    record ServiceMonitor(String apiVersion, String kind, Metadata metadata, Monitoring spec) {}

    record Monitoring(String jobLabel, Selector selector, List<Endpoint> endpoints) {}

    record Endpoint(String port, String path, String interval, List<Relabeling> relabelings) {}

    record Relabeling(List<String> sourceLabels, String targetLabel) {}

    record PrometheusRule(String apiVersion, String kind, Metadata metadata, Rules spec) {}

    record Rules(List<Group> groups) {}

    record Group(String name, List<Rule> rules) {}

    record Rule(
            String record,
            String alert,
            String expr,
            @SerializedName("for") String during,
            Map<String, String> labels,
            Map<String, String> annotations) {}

    record ScaledObject(String apiVersion, String kind, Metadata metadata, Scaling spec) {}

    record Scaling(
            Target scaleTargetRef,
            int minReplicaCount,
            int maxReplicaCount,
            int pollingInterval,
            Fallback fallback,
            Advanced advanced,
            List<Trigger> triggers) {}

    record Target(String apiVersion, String kind, String name) {}

    record Fallback(int failureThreshold, int replicas, String behavior) {}

    record Advanced(AutoscalerConfig horizontalPodAutoscalerConfig) {}

    record AutoscalerConfig(Behavior behavior) {}

    record Behavior(Pace scaleUp, Pace scaleDown) {}

    record Pace(int stabilizationWindowSeconds, List<Step> policies) {}

    record Step(String type, int value, int periodSeconds) {}

    record Trigger(String type, String metricType, Map<String, String> metadata) {}
}
