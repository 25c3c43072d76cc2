package io.postmesh.delivery.smtp;

import io.postmesh.runtime.settings.Secret;

/// What a relay knows us by.
public record Credentials(String user, Secret password) {}
