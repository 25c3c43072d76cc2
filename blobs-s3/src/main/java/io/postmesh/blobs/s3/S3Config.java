package io.postmesh.blobs.s3;

import io.postmesh.runtime.settings.Secret;
import java.net.URI;
import java.util.Optional;

/// @param endpoint  of a server that is not Amazon's
/// @param pathStyle the bucket is part of the path, not of the host's name
/// @param keys      empty: from where the AWS SDK finds them (environment, files, a service account, the machine's
/// role)
public record S3Config(S3Place place, Optional<URI> endpoint, String region, boolean pathStyle, Optional<Keys> keys) {

    /// What says who we are.
    public record Keys(String access, Secret secret) {}
}
