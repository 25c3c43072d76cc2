package io.postmesh.policy.judge;

/// A check and the name people know it by: in records, logs and metrics.
public record Rule(String name, Check check) {}
