package io.postmesh.lab.cluster;

import java.util.List;
import java.util.Map;

/// How a process is started, the same each time.
///
/// @param environment all it sees, beside `PATH` and `HOME`
record Launch(String name, List<String> command, Map<String, String> environment, Readiness readiness) {}
