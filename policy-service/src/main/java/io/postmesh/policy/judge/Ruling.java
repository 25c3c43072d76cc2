package io.postmesh.policy.judge;

/// Which rule decided, and in which version of the rule book: every verdict can be explained later.
public record Ruling(String rule, int version) {}
