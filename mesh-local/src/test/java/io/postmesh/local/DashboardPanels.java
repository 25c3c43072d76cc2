package io.postmesh.local;

import static io.postmesh.local.Ask.HEAP;
import static io.postmesh.local.Ask.MINE;
import static io.postmesh.local.Ask.THEIRS;
import static io.postmesh.local.Ask.THEIR_RECORDS;
import static io.postmesh.local.Ask.mesh;

import io.postmesh.local.Dashboards.Goal;
import io.postmesh.local.Dashboards.Panel;
import io.postmesh.local.Dashboards.Query;
import java.util.Arrays;
import java.util.List;

/// What is on the dashboards.
final class DashboardPanels {
    private DashboardPanels() {}

    // Of whole meshes: `instance` does not choose here.
    static List<Panel> objectives() {
        return List.of(
                tile(
                        "Accepted, 1 h",
                        "Of the mail offered, what was taken or refused for the client's fault. Objective: 99.95 %.",
                        "percentunit",
                        Goal.atLeast(0.9995),
                        "1 - (" + mesh("postmesh:accept_errors:ratio_rate1h") + ")"),
                tile(
                        "250 after, p99",
                        "From the final dot to our 250. Objective: 250 ms.",
                        "s",
                        Goal.below(0.25),
                        mesh("postmesh:accept_duration_seconds:p99_5m")),
                tile(
                        "First attempt, p99",
                        "From our 250 to the first attempt. Objective: 5 s.",
                        "s",
                        Goal.below(5),
                        mesh("postmesh:time_to_first_attempt_seconds:p99_5m")),
                tile(
                        "Delivered, p95",
                        "From our 250 to the remote's, when nobody put it off. Objective: 10 s.",
                        "s",
                        Goal.below(10),
                        mesh("postmesh:time_to_delivered_seconds:p95_5m")),
                tile(
                        "Unaccounted",
                        "Accepted recipients that the last audit found nowhere. Objective: none, ever.",
                        "short",
                        Goal.below(1),
                        mesh("postmesh_messages_unaccounted")),
                tile(
                        "Farthest behind",
                        "The reader that is the farthest behind. Above 60 s an alert rings.",
                        "s",
                        Goal.below(60),
                        mesh("postmesh_kafka_consumer_lag_seconds")));
    }

    static List<Panel> overview() {
        return List.of(
                graph(
                        "Mail in",
                        "Messages answered with 250, and their recipients.",
                        "cps",
                        MINE.rate("postmesh_messages_accepted_total", "messages"),
                        MINE.rate("postmesh_ingress_recipients_accepted_total", "recipients")),
                graph(
                        "Mail done",
                        "Recipients by how their mail ended.",
                        "cps",
                        MINE.rate("postmesh_messages_terminal_total", "{{result}}")),
                graph(
                        "Queue",
                        "Records that wait, by what for. Growing ready: delivery is slow.",
                        "short",
                        MINE.sum("postmesh_queue_messages", "{{state}}"),
                        MINE.sum("postmesh_queue_runnable_messages", "runnable")),
                graph(
                        "Oldest",
                        "How long ago the first of them was accepted; of ready: fell due.",
                        "s",
                        MINE.max("postmesh_queue_oldest_age_seconds", "{{state}}")),
                graph(
                        "Where the audit found them",
                        "Recipients accepted in the window of the last audit, by place.",
                        "short",
                        MINE.max("postmesh_audit_found_recipients", "{{place}}"),
                        MINE.max("postmesh_audit_accepted_recipients", "accepted")),
                graph(
                        "Versions",
                        "Processes by version. More than one for long: a roll-out stands.",
                        "short",
                        MINE.count("postmesh_build_info", "{{version}}")));
    }

    static List<Panel> destinations() {
        return List.of(
                graph(
                        "Attempts",
                        "Recipients attempted, by provider and what came of it.",
                        "cps",
                        THEIRS.rate("postmesh_delivery_attempts_total", "{{provider}} {{outcome}}")),
                graph(
                        "Put off",
                        "Share of the attempts that were put off. Of whole meshes.",
                        "percentunit",
                        THEIR_RECORDS.max("postmesh:delivery_deferred:ratio_rate15m", "{{provider}}")),
                graph(
                        "Reply classes",
                        "What remotes said; none: nothing.",
                        "cps",
                        THEIRS.rate("postmesh_delivery_attempts_total", "{{code_class}}")),
                graph(
                        "How long remotes take, p95",
                        "To connect, for TLS, and from the content to the answer to its dot.",
                        "s",
                        THEIRS.quantile(0.95, "postmesh_delivery_attempt_duration_seconds", "{{provider}} {{phase}}")),
                graph(
                        "Connections",
                        "Open to remotes, those that rest included; and conversations.",
                        "short",
                        THEIRS.sum("postmesh_delivery_connections_active", "{{provider}}"),
                        MINE.sum("postmesh_delivery_talking", "conversations")),
                graph(
                        "Destinations",
                        "By what they let us do. Many resting: they fail, or our way out does.",
                        "short",
                        THEIRS.sum("postmesh_destination_state", "{{state}}")),
                graph(
                        "First attempt after, p95",
                        "From our 250 to the first attempt, of mail nothing put off.",
                        "s",
                        THEIRS.quantile(0.95, "postmesh_message_time_to_first_attempt_seconds", "{{provider}}")),
                graph(
                        "Why put off",
                        "Recipients put off, by reason, of all providers.",
                        "cps",
                        MINE.rateOfAny("postmesh_delivery_deferred_total", "{{reason}}")),
                graph(
                        "Why failed",
                        "Recipients failed for good, by reason, of all providers.",
                        "cps",
                        MINE.rateOfAny("postmesh_delivery_failed_total", "{{reason}}")));
    }

    static List<Panel> ingress() {
        return List.of(
                graph(
                        "Open connections",
                        "At the door, at this moment.",
                        "short",
                        MINE.sum("postmesh_smtp_connections_active", "{{listener}}")),
                graph(
                        "New connections",
                        "At the door, by result. turned_away: too many, or the process stops.",
                        "cps",
                        MINE.rate("postmesh_smtp_connections_total", "{{result}}")),
                graph(
                        "Refused",
                        "Negative replies by stage and reason. store, memory, space: ours to fix.",
                        "cps",
                        MINE.rate("postmesh_smtp_rejections_total", "{{stage}} {{reason}}")),
                graph(
                        "250 after",
                        "From the final dot to our 250.",
                        "s",
                        MINE.quantile(0.5, "postmesh_accept_duration_seconds", "p50"),
                        MINE.quantile(0.99, "postmesh_accept_duration_seconds", "p99")),
                graph(
                        "Bytes",
                        "As received, and as stored: the difference is compression.",
                        "Bps",
                        MINE.rate("postmesh_message_size_bytes_sum", "received"),
                        MINE.rate("postmesh_ingress_stored_bytes_total", "stored")),
                graph(
                        "Decisions",
                        "Messages by what policy decided, and the rule.",
                        "cps",
                        MINE.rateOfAny("postmesh_policy_decisions_total", "{{decision}} {{rule}}")),
                graph(
                        "Time to decide, p99",
                        "Near 0.25 s: Redis is slow; more: the blob store.",
                        "s",
                        MINE.quantile(0.99, "postmesh_policy_duration_seconds", "p99")),
                graph(
                        "Trace fields",
                        "Messages with a traceparent field, by what became of it.",
                        "cps",
                        MINE.rate("postmesh_ingress_traceparents_total", "{{fate}}")),
                graph(
                        "Room",
                        "On the fullest disk, until mail is refused.",
                        "bytes",
                        MINE.min("postmesh_space_above_floor_bytes", "{{disk}}")));
    }

    static List<Panel> pipeline() {
        return List.of(
                graph(
                        "Behind, in time",
                        "How old the newest record read is, while there are newer ones.",
                        "s",
                        MINE.max("postmesh_kafka_consumer_lag_seconds", "{{group}}")),
                graph(
                        "Behind, in records",
                        "Records not yet read.",
                        "short",
                        MINE.sum("postmesh_kafka_consumer_lag_records", "{{group}}")),
                graph(
                        "Stages",
                        "Records by result.",
                        "cps",
                        MINE.rate("postmesh_stage_records_total", "{{stage}} {{result}}")),
                graph(
                        "Commits, p99",
                        "Time to write a batch and its offsets.",
                        "s",
                        MINE.quantile(0.99, "postmesh_stage_commit_seconds", "{{stage}}")),
                graph(
                        "Batches begun again",
                        "Some at each rebalance; steady: look at the brokers.",
                        "cps",
                        MINE.rate("postmesh_stage_aborts_total", "{{stage}}")),
                graph(
                        "Writers",
                        "Kafka's acknowledgement, mean.",
                        "s",
                        MINE.mean("postmesh_writer_acknowledged_seconds", "{{writer}}")),
                graph(
                        "Not acknowledged yet",
                        "Bytes on their way to Kafka. At a writer's buffer: Kafka is slower than the mail comes in.",
                        "bytes",
                        MINE.sum("postmesh_writer_bytes_in_flight", "{{writer}}")),
                graph(
                        "Not written",
                        "Records that Kafka did not take, by writer and why. Any rise: look at the brokers.",
                        "cps",
                        MINE.rate("postmesh_writer_failed_total", "{{writer}} {{why}}")),
                graph(
                        "Limits",
                        "Their answers, by what they are for.",
                        "cps",
                        MINE.rateOfAny("postmesh_ratelimit_decisions_total", "{{scope}} {{result}}")),
                graph(
                        "Redis, p99",
                        "Its answers to a limit; at 0.25 s they are given up.",
                        "s",
                        MINE.quantile(0.99, "postmesh_ratelimit_store_duration_seconds", "p99")),
                graph(
                        "Redis away",
                        "Processes that it does not serve: their limits are their own share.",
                        "short",
                        MINE.sum("postmesh_redis_away", "processes")),
                graph(
                        "Signatures",
                        "DKIM signatures by algorithm and result, and mail that went on without.",
                        "cps",
                        MINE.rate("postmesh_dkim_signatures_total", "{{algorithm}} {{result}}"),
                        MINE.rate("postmesh_dkim_unsigned_total", "unsigned: {{why}}")),
                graph(
                        "Time to sign, p99",
                        "One mail, all keys.",
                        "s",
                        MINE.quantile(0.99, "postmesh_dkim_sign_duration_seconds", "p99")));
    }

    static List<Panel> jvm() {
        return List.of(
                graph(
                        "Heap",
                        "Used, and the most there may be.",
                        "bytes",
                        HEAP.sum("jvm_memory_used_bytes", "{{instance}} used"),
                        HEAP.sum("jvm_memory_max_bytes", "{{instance}} most")),
                graph(
                        "Collections",
                        "Share of the time the collector stops everything.",
                        "percentunit",
                        MINE.rate("jvm_gc_pause_seconds_sum", "{{instance}}")),
                graph(
                        "Threads",
                        "Platform threads; virtual ones are not counted.",
                        "short",
                        MINE.max("jvm_threads_live_threads", "{{instance}}")),
                graph(
                        "Processor",
                        "Of the process, as a share of the machine.",
                        "percentunit",
                        MINE.max("process_cpu_usage", "{{instance}}")),
                graph(
                        "Files",
                        "Open, sockets included, and the most there may be.",
                        "short",
                        MINE.max("process_files_open_files", "{{instance}} open"),
                        MINE.max("process_files_max_files", "{{instance}} most")),
                graph(
                        "Uptime",
                        "A saw is a process that dies again and again.",
                        "s",
                        MINE.max("process_uptime_seconds", "{{instance}}")));
    }

    private static Panel tile(String title, String description, String unit, Goal goal, String expr) {
        return new Panel(title, description, unit, goal, List.of(new Query(expr, "{{namespace}} {{job}}")));
    }

    private static Panel graph(String title, String description, String unit, Query... queries) {
        return new Panel(title, description, unit, null, Arrays.asList(queries));
    }
}
