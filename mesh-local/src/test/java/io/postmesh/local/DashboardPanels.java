package io.postmesh.local;

import io.postmesh.local.Dashboards.Panel;
import io.postmesh.local.Dashboards.Query;
import java.util.Arrays;
import java.util.List;

/// What is on the dashboards.
final class DashboardPanels {
    private static final String MINE = "{job=~\"$job\",instance=~\"$instance\"}";
    private static final String THEIRS = "{job=~\"$job\",instance=~\"$instance\",provider=~\"$provider\"}";

    private DashboardPanels() {}

    static List<Panel> objectives() {
        return List.of(
                stat(
                        "Accepted, 1 h",
                        "Of the mail offered, what was taken or refused for the client's fault. Objective: 99.95 %.",
                        "percentunit",
                        "1 - (postmesh:accept_errors:ratio_rate1h or vector(0))"),
                stat(
                        "250 after, p99",
                        "From the final dot to our 250. Objective: 250 ms.",
                        "s",
                        "postmesh:accept_duration_seconds:p99_5m"),
                stat(
                        "First attempt, p99",
                        "From our 250 to the first attempt. Objective: 5 s.",
                        "s",
                        "postmesh:time_to_first_attempt_seconds:p99_5m"),
                stat(
                        "Delivered, p95",
                        "From our 250 to the remote's, when nobody put it off. Objective: 10 s.",
                        "s",
                        "postmesh:time_to_delivered_seconds:p95_5m"),
                stat(
                        "Unaccounted",
                        "Accepted recipients that the last audit found nowhere. Objective: none, ever.",
                        "short",
                        "max(postmesh_messages_unaccounted)"),
                stat(
                        "Farthest behind",
                        "The reader that is the farthest behind.",
                        "s",
                        "max(postmesh_kafka_consumer_lag_seconds)"));
    }

    static List<Panel> overview() {
        return List.of(
                graph(
                        "Mail in",
                        "Messages answered with 250, and their recipients.",
                        "cps",
                        q("sum(" + rate("postmesh_messages_accepted_total", MINE) + ")", "messages"),
                        q("sum(" + rate("postmesh_ingress_recipients_accepted_total", MINE) + ")", "recipients")),
                graph(
                        "Mail done",
                        "Recipients by how their mail ended.",
                        "cps",
                        q("sum by (result) (" + rate("postmesh_messages_terminal_total", MINE) + ")", "{{result}}")),
                graph(
                        "Queue",
                        "Records that wait, by what for. Growing ready: delivery is slow.",
                        "short",
                        q("sum by (state) (postmesh_queue_messages" + MINE + ")", "{{state}}"),
                        q("sum(postmesh_queue_runnable_messages" + MINE + ")", "runnable")),
                graph(
                        "Oldest",
                        "How long ago the first of them was accepted.",
                        "s",
                        q("max by (state) (postmesh_queue_oldest_age_seconds" + MINE + ")", "{{state}}")),
                graph(
                        "Where the audit found them",
                        "Recipients accepted in the window of the last audit, by place.",
                        "short",
                        q("max by (place) (postmesh_audit_found_recipients" + MINE + ")", "{{place}}"),
                        q("max(postmesh_audit_accepted_recipients" + MINE + ")", "accepted")),
                graph(
                        "Versions",
                        "Processes by version. More than one for long: a roll-out stands.",
                        "short",
                        q("count by (version) (postmesh_build_info" + MINE + ")", "{{version}}")));
    }

    static List<Panel> destinations() {
        return List.of(
                graph(
                        "Attempts",
                        "Recipients attempted, by provider and what came of it.",
                        "cps",
                        q(
                                "sum by (provider, outcome) (" + rate("postmesh_delivery_attempts_total", THEIRS) + ")",
                                "{{provider}} {{outcome}}")),
                graph(
                        "Put off",
                        "Share of the attempts that were put off.",
                        "percentunit",
                        q("postmesh:delivery_deferred:ratio_rate15m{provider=~\"$provider\"}", "{{provider}}")),
                graph(
                        "Reply classes",
                        "What remotes said; none: nothing.",
                        "cps",
                        q(
                                "sum by (code_class) (" + rate("postmesh_delivery_attempts_total", THEIRS) + ")",
                                "{{code_class}}")),
                graph(
                        "How long remotes take, p95",
                        "To connect, for TLS, and from the content to the answer to its dot.",
                        "s",
                        q(
                                "histogram_quantile(0.95, sum by (le, provider, phase) ("
                                        + rate("postmesh_delivery_attempt_duration_seconds_bucket", THEIRS) + "))",
                                "{{provider}} {{phase}}")),
                graph(
                        "Connections",
                        "Open to remotes, those that rest included; and conversations.",
                        "short",
                        q("sum by (provider) (postmesh_delivery_connections_active" + THEIRS + ")", "{{provider}}"),
                        q("sum(postmesh_delivery_talking" + MINE + ")", "conversations")),
                graph(
                        "Destinations",
                        "By what they let us do. Many resting: they fail, or our way out does.",
                        "short",
                        q("sum by (state) (postmesh_destination_state" + THEIRS + ")", "{{state}}")),
                graph(
                        "First attempt after, p95",
                        "From our 250 to the first attempt, of mail nothing put off.",
                        "s",
                        q(
                                "histogram_quantile(0.95, sum by (le, provider) ("
                                        + rate("postmesh_message_time_to_first_attempt_seconds_bucket", THEIRS) + "))",
                                "{{provider}}")),
                graph(
                        "Why put off",
                        "Recipients put off, by reason.",
                        "cps",
                        q(
                                "sum by (reason) (" + rate("postmesh_delivery_deferred_total", MINE) + ") > 0",
                                "{{reason}}")),
                graph(
                        "Why failed",
                        "Recipients failed for good, by reason.",
                        "cps",
                        q("sum by (reason) (" + rate("postmesh_delivery_failed_total", MINE) + ") > 0", "{{reason}}")));
    }

    static List<Panel> ingress() {
        return List.of(
                graph(
                        "Connections",
                        "Open at the door, and new ones by result.",
                        "short",
                        q("sum by (listener) (postmesh_smtp_connections_active" + MINE + ")", "open at {{listener}}"),
                        q(
                                "sum by (result) (" + rate("postmesh_smtp_connections_total", MINE) + ")",
                                "{{result}} a second")),
                graph(
                        "Refused",
                        "Negative replies by stage and reason. store, memory, space: ours to fix.",
                        "cps",
                        q(
                                "sum by (stage, reason) (" + rate("postmesh_smtp_rejections_total", MINE) + ")",
                                "{{stage}} {{reason}}")),
                graph(
                        "250 after",
                        "From the final dot to our 250.",
                        "s",
                        q(
                                "histogram_quantile(0.5, sum by (le) ("
                                        + rate("postmesh_accept_duration_seconds_bucket", MINE) + "))",
                                "p50"),
                        q(
                                "histogram_quantile(0.99, sum by (le) ("
                                        + rate("postmesh_accept_duration_seconds_bucket", MINE) + "))",
                                "p99")),
                graph(
                        "Bytes",
                        "As received, and as stored: the difference is compression.",
                        "Bps",
                        q("sum(" + rate("postmesh_message_size_bytes_sum", MINE) + ")", "received"),
                        q("sum(" + rate("postmesh_ingress_stored_bytes_total", MINE) + ")", "stored")),
                graph(
                        "Decisions",
                        "Messages by what policy decided, and the rule.",
                        "cps",
                        q(
                                "sum by (decision, rule) (" + rate("postmesh_policy_decisions_total", MINE) + ") > 0",
                                "{{decision}} {{rule}}")),
                graph(
                        "Time to decide, p99",
                        "Near 0.25 s: Redis is slow; more: the blob store.",
                        "s",
                        q(
                                "histogram_quantile(0.99, sum by (le) ("
                                        + rate("postmesh_policy_duration_seconds_bucket", MINE) + "))",
                                "p99")),
                graph(
                        "Trace fields",
                        "Messages with a traceparent field, by what became of it.",
                        "cps",
                        q("sum by (fate) (" + rate("postmesh_ingress_traceparents_total", MINE) + ")", "{{fate}}")),
                graph(
                        "Room",
                        "On the fullest disk, until mail is refused.",
                        "bytes",
                        q("min by (disk) (postmesh_space_above_floor_bytes" + MINE + ")", "{{disk}}")));
    }

    static List<Panel> pipeline() {
        return List.of(
                graph(
                        "Behind, in time",
                        "How old the newest record read is, while there are newer ones.",
                        "s",
                        q("max by (group) (postmesh_kafka_consumer_lag_seconds" + MINE + ")", "{{group}}")),
                graph(
                        "Behind, in records",
                        "Records not yet read.",
                        "short",
                        q("sum by (group) (postmesh_kafka_consumer_lag_records" + MINE + ")", "{{group}}")),
                graph(
                        "Stages",
                        "Records by result.",
                        "cps",
                        q(
                                "sum by (stage, result) (" + rate("postmesh_stage_records_total", MINE) + ")",
                                "{{stage}} {{result}}")),
                graph(
                        "Batches",
                        "Time of a commit, p99, and batches begun again.",
                        "s",
                        q(
                                "histogram_quantile(0.99, sum by (le, stage) ("
                                        + rate("postmesh_stage_commit_seconds_bucket", MINE) + "))",
                                "{{stage}}"),
                        q(
                                "sum by (stage) (" + rate("postmesh_stage_aborts_total", MINE) + ")",
                                "{{stage}} again, a second")),
                graph(
                        "Writers",
                        "Kafka's acknowledgement, mean.",
                        "s",
                        q(
                                "sum by (writer) (" + rate("postmesh_writer_acknowledged_seconds_sum", MINE)
                                        + ") / sum by (writer) ("
                                        + rate("postmesh_writer_acknowledged_seconds_count", MINE) + ")",
                                "{{writer}}")),
                graph(
                        "Not acknowledged",
                        "Bytes on their way to Kafka, and records it did not take.",
                        "short",
                        q("sum by (writer) (postmesh_writer_bytes_in_flight" + MINE + ")", "{{writer}} bytes"),
                        q(
                                "sum by (writer) (" + rate("postmesh_writer_failed_total", MINE) + ")",
                                "{{writer}} failed, a second")),
                graph(
                        "Limits",
                        "Their answers, by what they are for.",
                        "cps",
                        q(
                                "sum by (scope, result) (" + rate("postmesh_ratelimit_decisions_total", MINE) + ") > 0",
                                "{{scope}} {{result}}")),
                graph(
                        "Redis, p99",
                        "Its answers to a limit; at 0.25 s they are given up.",
                        "s",
                        q(
                                "histogram_quantile(0.99, sum by (le) ("
                                        + rate("postmesh_ratelimit_store_duration_seconds_bucket", MINE) + "))",
                                "p99"),
                        q("max(postmesh_redis_away" + MINE + ")", "away")),
                graph(
                        "Signatures",
                        "DKIM signatures by algorithm and result, and mail that went on without.",
                        "cps",
                        q(
                                "sum by (algorithm, result) (" + rate("postmesh_dkim_signatures_total", MINE) + ")",
                                "{{algorithm}} {{result}}"),
                        q("sum by (why) (" + rate("postmesh_dkim_unsigned_total", MINE) + ")", "unsigned: {{why}}")),
                graph(
                        "Time to sign, p99",
                        "One mail, all keys.",
                        "s",
                        q(
                                "histogram_quantile(0.99, sum by (le) ("
                                        + rate("postmesh_dkim_sign_duration_seconds_bucket", MINE) + "))",
                                "p99")));
    }

    static List<Panel> jvm() {
        return List.of(
                graph(
                        "Heap",
                        "Used, and the most there may be.",
                        "bytes",
                        q(
                                "sum by (instance) (jvm_memory_used_bytes{area=\"heap\",job=~\"$job\",instance=~\"$instance\"})",
                                "{{instance}} used"),
                        q(
                                "sum by (instance) (jvm_memory_max_bytes{area=\"heap\",job=~\"$job\",instance=~\"$instance\"})",
                                "{{instance}} most")),
                graph(
                        "Collections",
                        "Share of the time the collector stops everything.",
                        "percentunit",
                        q("sum by (instance) (" + rate("jvm_gc_pause_seconds_sum", MINE) + ")", "{{instance}}")),
                graph(
                        "Threads",
                        "Platform threads; virtual ones are not counted.",
                        "short",
                        q("jvm_threads_live_threads" + MINE, "{{instance}}")),
                graph(
                        "Processor",
                        "Of the process, as a share of the machine.",
                        "percentunit",
                        q("process_cpu_usage" + MINE, "{{instance}}")),
                graph(
                        "Files",
                        "Open, sockets included, and the most there may be.",
                        "short",
                        q("process_files_open_files" + MINE, "{{instance}} open"),
                        q("process_files_max_files" + MINE, "{{instance}} most")),
                graph(
                        "Uptime",
                        "A saw is a process that dies again and again.",
                        "s",
                        q("process_uptime_seconds" + MINE, "{{instance}}")));
    }

    private static String rate(String metric, String which) {
        return "rate(" + metric + which + "[$__rate_interval])";
    }

    private static Query q(String expr, String legend) {
        return new Query(expr, legend);
    }

    private static Panel stat(String title, String description, String unit, String expr) {
        return new Panel(title, description, unit, true, List.of(new Query(expr, "")));
    }

    private static Panel graph(String title, String description, String unit, Query... queries) {
        return new Panel(title, description, unit, false, Arrays.asList(queries));
    }
}
