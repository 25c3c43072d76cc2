package io.postmesh.runtime.kafka;

import io.postmesh.contract.Topics;

/// Where an acknowledged record lies.
public record Written(Topics topic, int partition, long offset) {}
