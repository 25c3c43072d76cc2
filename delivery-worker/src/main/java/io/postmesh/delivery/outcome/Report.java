package io.postmesh.delivery.outcome;

import java.util.List;

/// What came of one attempt: exactly one result for each recipient of the job.
///
/// @param remote `host[ip]:port` of the host that answered last, or empty
/// @param tls    protocol and cipher; empty in clear
public record Report(List<Result> results, String remote, String tls) {
    public Report {
        results = List.copyOf(results);
    }
}
